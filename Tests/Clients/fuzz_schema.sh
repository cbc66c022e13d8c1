#!/usr/bin/env bash
# Has schemathesis (PyPI) make requests from the server's own description, /openapi.json, and check the replies
# against it: no status of 500 and more, no reply that the description does not know.
#
#   ./fuzz_schema.sh path/to/facet [examples] [more options of schemathesis]
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
binary=$1
examples=${2:-100}
shift $(($# > 1 ? 2 : 1))
data=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; wait; rm -rf "$data"' EXIT

"$binary" serve --data "$data/data" --port 0 >"$data/said" 2>"$data/log" &
server=$!
for _ in $(seq 100); do
  grep -q '^Facet listens on' "$data/said" && break
  sleep 0.1
done
url=$(sed -n 's/^Facet listens on //p' "$data/said")
said() { sed -n "s/^ *$1: //p" "$data/said"; }

token=$(curl --silent --fail "$url/token" --user "$(said 'client id'):$(said 'client secret')" \
  --data grant_type=password --data-urlencode "username=$(said 'user name')" \
  --data-urlencode "password=$(said password)" | python3 -c 'import json, sys; print(json.load(sys.stdin)["access_token"])')

# What is described but not allowed by HTTP itself (TRACE, wrong types of content) is malformed.py's.
"${SCHEMATHESIS:-schemathesis}" run "$url/openapi.json" --header "Authorization: Bearer $token" \
  --max-examples "$examples" --seed 1 "$@"
kill -0 "$server" && echo "the server is still there"
