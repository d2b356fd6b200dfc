"""What runs when somebody opens it: by its first bytes, and by the end of its name, which decides on most systems."""

# Windows, Linux, macOS (32 and 64 bits, both orders; also Java's classes), a script, a link of Windows, Android's code
PROGRAMS = (
    b"MZ",
    b"\x7fELF",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"#!",
    b"L\0\0\0\x01\x14\x02\0",
    b"dex\n",
)
_ENDINGS = frozenset(
    "apk app appimage bat class cmd com cpl deb desktop dex dll dmg docm dotm exe gadget hta htm html iso jar js "
    "jse lnk mht mhtml msc msi msp pif pkg potm ppam ppsm pptm ps1 py rb reg rpm run scr sct sh shtml svg url vb vbe "
    "vbs vhd wsf wsh xhtml xla xlam xll xlsm xltm".split()
)


def may_run(name: str) -> bool:
    """Whether a file of this name may run when it is opened: a program, a script, a page, a document with macros."""
    return name.rpartition("/")[2].rstrip(" .").rpartition(".")[2].lower() in _ENDINGS
