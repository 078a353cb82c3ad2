#!/bin/bash
# The script that everybody writes: list all keys of a namespace of Workers KV to a file,
# filter them with jq, delete 1,000 at a time. Arguments: URL of the namespace, token,
# condition for jq.
set -e
url=$1 token=$2 condition=$3
cursor=
: > listed.jsonl
while :; do
  curl -sS -G -H "Authorization: Bearer $token" --data-urlencode "cursor=$cursor" "$url/keys?limit=1000" > page.json
  jq -c '.result[]' page.json >> listed.jsonl
  cursor=$(jq -r '.result_info.cursor // ""' page.json)
  [ -n "$cursor" ] || break
done
jq -r "select($condition) | .name" listed.jsonl > names.txt
split -l 1000 names.txt batch.
for batch in batch.*; do
  jq -R . "$batch" | jq -cs . |
    curl -sS -X POST -H "Authorization: Bearer $token" -H 'Content-Type: application/json' \
      --data-binary @- "$url/bulk/delete" >> deleted.json
done
echo "deleted $(wc -l < names.txt)"
