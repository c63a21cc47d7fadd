access-api = Programmes
