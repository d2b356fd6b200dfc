"""MongoDB, where older installations keep their data and the campus web site reads it (spec: mongo)."""
