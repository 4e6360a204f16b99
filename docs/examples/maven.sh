#!/bin/sh
# Import the «CRM Sales Opportunities» data set of Maven Analytics into a fresh workspace.
#
#   crm init shop --currency USD && cd shop
#   sh …/docs/examples/maven.sh FOLDER      # the folder with accounts.csv, products.csv, sales_*.csv
#
# Run again, it adds nothing twice. Each file is taken back by one `crm undo`.
set -eu

data=${1:?usage: maven.sh FOLDER-OF-THE-CSV-FILES}
maps=$(cd "$(dirname "$0")" && pwd)/maven
place=${CRM_HOME:-.}
: "${CRM:=crm}"

[ -f "$place/config/crm.yaml" ] || { echo "maven.sh: there is no workspace in $place; make one: crm init" >&2; exit 3; }
cp "$maps/pipelines.yaml" "$maps/fields.yaml" "$maps/departments.yaml" "$place/config/"

$CRM import "$data/products.csv" --map "$maps/products.yaml"
$CRM import "$data/accounts.csv" --map "$maps/accounts.yaml"
$CRM import "$data/sales_teams.csv" --map "$maps/managers.yaml"
$CRM import "$data/sales_teams.csv" --map "$maps/agents.yaml"
$CRM import "$data/sales_pipeline.csv" --map "$maps/opportunities.yaml"
