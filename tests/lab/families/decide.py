"""What one seed plants, in order: each part adds facts to the world of the part before."""
from families import plants, plants_access, plants_logon, plants_tiering


def domain(w):
    plants.frame(w)
    plants.passwords(w)
    plants.people(w)
    plants.machines(w)
    plants.groups(w)
    plants_logon.decide(w)
    plants.lists(w)
    plants_tiering.decide(w)
    plants_access.decide(w, plants.admin)
    plants.logon_rights(w)
    plants.names(w)
