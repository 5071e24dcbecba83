"""The pages of the citizen's face: fetch what this visitor may reach, form, one verb, answer."""
