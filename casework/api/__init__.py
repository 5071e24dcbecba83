"""The machine's face: ``/api/v1/``, described by OpenAPI 3.1 from the same types that check it."""
