access-api = Programs
