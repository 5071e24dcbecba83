"""Tables as files hold them, whatever they are about: workbooks, Word documents, web pages.

``cells`` says what a cell and a line are; ``archive`` opens what is zipped and says by name what is wrong with it.
"""
