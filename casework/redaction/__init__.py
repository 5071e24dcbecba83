"""Files that come in and files that go out: what they are, what they hide, how a part is taken out for good.

Nothing here knows of cases: bytes in, bytes and findings out. ``door`` says what a file is and turns away what can't be
taken; ``virus`` asks clamd; ``office`` makes a simple PDF of what is none; ``pages`` draws and reads pages; ``making``
makes the file that leaves; ``gate`` opens it again and tries to find what was removed.
"""
