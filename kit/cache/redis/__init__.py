"""Redis mode: commands of Valkey 9.1 as pure functions over a keyspace."""
