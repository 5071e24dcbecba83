"""The verbs: the only place that changes a case.

One shape: may → transition → save → event → notices, in one transaction. ``by`` (a member of staff, or ``None`` where
the applicant or time acts) and ``at`` (the moment) are arguments; each verb returns its event.
"""
