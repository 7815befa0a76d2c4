"""Edits a workbook as a person with LibreOffice does: a Basic macro in a profile of its own."""
import os
import pathlib
import shutil
import subprocess

MACRO = '''<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" script:language="StarBasic">
Function HeadColumn(sheet, title)
	Dim c
	For c = 0 To 60
		If sheet.getCellByPosition(c, 0).String = title Then
			HeadColumn = c
			Exit Function
		End If
	Next c
	Error 1
End Function

Function LastRow(sheet)
	Dim cursor
	cursor = sheet.createCursor()
	cursor.gotoEndOfUsedArea(False)
	LastRow = cursor.RangeAddress.EndRow
End Function

Function KeyRow(sheet, key)
	Dim c, r
	c = HeadColumn(sheet, "key")
	For r = 1 To LastRow(sheet)
		If sheet.getCellByPosition(c, r).String = key Then
			KeyRow = r
			Exit Function
		End If
	Next r
	Error 1
End Function

Sub SortRows(sheet, title)
	Dim cursor, area, field(0) As New com.sun.star.table.TableSortField, how(1) As New com.sun.star.beans.PropertyValue
	cursor = sheet.createCursor()
	cursor.gotoEndOfUsedArea(False)
	area = sheet.getCellRangeByPosition(0, 1, cursor.RangeAddress.EndColumn, cursor.RangeAddress.EndRow)
	field(0).Field = HeadColumn(sheet, title)
	field(0).IsAscending = False
	how(0).Name = "SortFields"
	how(0).Value = field()
	how(1).Name = "ContainsHeader"
	how(1).Value = False
	area.sort(how())
End Sub

Sub Edit(workbook, orders)
	Dim hidden(0) As New com.sun.star.beans.PropertyValue, filter(0) As New com.sun.star.beans.PropertyValue
	Dim doc, sheet, files, orderLines, words
	hidden(0).Name = "Hidden"
	hidden(0).Value = True
	doc = StarDesktop.loadComponentFromURL(workbook, "_blank", 0, hidden())
	files = createUnoService("com.sun.star.ucb.SimpleFileAccess")
	orderLines = createUnoService("com.sun.star.io.TextInputStream")
	orderLines.setInputStream(files.openFileRead(orders))
	orderLines.setEncoding("UTF-8")
	Do While Not orderLines.isEOF()
		words = Split(orderLines.readLine(), Chr(9))
		If UBound(words) &gt; 0 Then
			sheet = doc.Sheets.getByName(words(1))
			Select Case words(0)
			Case "type"
				sheet.getCellByPosition(HeadColumn(sheet, words(3)), KeyRow(sheet, words(2))).setFormula(words(4))
			Case "sort"
				SortRows(sheet, words(2))
			Case "column"
				sheet.Columns.insertByIndex(0, 1)
				sheet.getCellByPosition(0, 0).String = words(2)
			End Select
		End If
	Loop
	filter(0).Name = "FilterName"
	filter(0).Value = "Calc MS Excel 2007 XML"
	doc.storeToURL(workbook, filter())
	doc.close(True)
End Sub
</script:module>
'''
LIBRARY = '''<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard" library:readonly="false"
 library:passwordprotected="false"><library:element library:name="Module1"/></library:library>
'''


def start(profile, *args):
    office = shutil.which("soffice")
    if not office:
        raise RuntimeError("soffice is missing: install libreoffice-calc")
    return subprocess.run([office, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", *args],
                          env={**os.environ, "LD_PRELOAD": "", "LC_ALL": "C.UTF-8"}, capture_output=True, text=True,
                          timeout=300, check=False)


def edit(folder, workbook, orders):
    """orders: ("type", sheet, key, header, value) | ("sort", sheet, header) | ("column", sheet, title). The
    workbook is saved in its place; folder holds the profile."""
    profile = pathlib.Path(folder, "office-profile")
    basic = profile / "user/basic/Standard"
    if not basic.exists():
        start(profile, "--terminate_after_init")  # a new profile replaces what stands in its place
        basic.mkdir(parents=True, exist_ok=True)
        (basic / "Module1.xba").write_text(MACRO, "utf-8")
        (basic / "script.xlb").write_text(LIBRARY, "utf-8")
    todo = pathlib.Path(folder, "orders.txt")
    todo.write_text("".join("\t".join(o) + "\n" for o in orders), "utf-8")
    before = pathlib.Path(workbook).read_bytes()
    done = start(profile, f'macro:///Standard.Module1.Edit("{pathlib.Path(workbook).as_uri()}","{todo.as_uri()}")')
    if done.returncode or pathlib.Path(workbook).read_bytes() == before:
        raise RuntimeError(f"soffice did not save: {done.returncode}\n{done.stdout}{done.stderr}")
