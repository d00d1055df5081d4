#!/bin/sh
# Creates the role of the program, which is neither superuser nor may bypass row-level security, and its database.
set -eu
psql --username=postgres --set=ON_ERROR_STOP=1 --set=password="$ALOQA_PASSWORD" <<'SQL'
CREATE ROLE aloqa LOGIN PASSWORD :'password' NOSUPERUSER NOBYPASSRLS NOCREATEROLE;
CREATE DATABASE aloqa OWNER aloqa;
SQL
