"""The clerk's face: pages fetch what the person may reach, show a form, call one verb and answer."""
