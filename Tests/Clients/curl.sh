#!/usr/bin/env bash
# Checks an STL file, repairs it when it needs that, looks for thin walls, draws it, and downloads what was made.
# Needs curl and jq.
#
#   FACET_URL=http://127.0.0.1:8080 FACET_CLIENT_ID=… FACET_CLIENT_SECRET=… FACET_USER=… FACET_PASSWORD=… \
#     ./curl.sh part.stl
set -euo pipefail

file=$1
name=$(basename "$file" .stl)
url=${FACET_URL:-http://127.0.0.1:8080}
api=$url/web-api/operation

# Says what went wrong in the server's words. curl's own --fail would throw them away.
call() {
  local reply status
  reply=$(curl --silent --show-error --write-out '\n%{http_code}' "$@")
  status=${reply##*$'\n'}
  reply=${reply%$'\n'*}
  if [ "$status" != 200 ]; then
    echo "$status: $(jq -r '.errors[] | "error \(.code): \(.message)"' <<<"$reply")" >&2
    return 1
  fi
  printf '%s' "$reply"
}

token=$(call "$url/token" --user "$FACET_CLIENT_ID:$FACET_CLIENT_SECRET" \
  --data grant_type=password \
  --data-urlencode "username=$FACET_USER" --data-urlencode "password=$FACET_PASSWORD" | jq -r .access_token)
authorization="Authorization: Bearer $token"

# run OPERATION JSON: starts an operation, waits for its end, and prints its result.
run() {
  local id state
  id=$(call "$api/$1" --header "$authorization" --json "$2" | jq -r .operationId)
  until state=$(call "$api/$id/status" --header "$authorization") && jq -e .isCompleted <<<"$state" >/dev/null; do
    [ -n "$state" ] || return 1
    sleep 0.5
  done
  # The result of an operation that failed is its error.
  call "$api/$id/$1/result" --header "$authorization"
}

download() {
  curl --silent --show-error --fail --header "$authorization" --output "$2" "$api/file/$1"
  echo "wrote $2"
}

fileId=$(call "$api/file" --header "$authorization" --form "file=@$file" | jq -r .fileId)
model=$(run import "{\"fileId\":\"$fileId\",\"measurementUnits\":\"mm\"}" | jq -r .resultId)

analysis=$(run analyze "{\"inputId\":\"$model\"}")
jq -r '"\(.triangles) triangles, \(.volumeMm3) mm³, \(.badEdges) bad edges"' <<<"$analysis"

if jq -e '.badEdges > 0 or .badContours > 0 or .volumeMm3 <= 0' <<<"$analysis" >/dev/null; then
  model=$(run repair "{\"inputId\":\"$model\"}" | jq -r .resultId)
  echo "repaired"
fi

walls=$(run wall-thickness-analysis "{\"inputId\":\"$model\",\"minimalWallThicknessMm\":1,\"accuracyWallThickness\":2}")
jq -r 'if .hasThinWalls then "some walls are thinner than 1 mm" else "no thin walls" end' <<<"$walls"
download "$(jq -r .fileId <<<"$walls")" "$name-walls.stl"

size='"width":800,"height":600,"cameraAngleX":0,"cameraAngleY":0,"cameraAngleZ":30'
download "$(run thumbnail "{\"inputId\":\"$model\",$size}" | jq -r .fileId)" "$name.png"
download "$(run export "{\"inputId\":\"$model\",\"exportToFormat\":\"stl\"}" | jq -r .fileId)" "$name-ready.stl"
