#!/bin/sh
# Makes kvpurge-VERSION.tar.gz and its checksum: the scripts, the jar extracted, the
# examples, the documents, shell completion and, where the build was online, the bill of materials.
# Arguments: the target folder, the version, the time that all files get, and the folder
# where the tar goes.
set -eu
target=$(cd "$1" && pwd)
name=kvpurge-$2
if [ -n "${JAVA_HOME:-}" ]; then java=$JAVA_HOME/bin/java; else java=java; fi
source=$(cd "$(dirname "$0")" && pwd)
cd "$4"
rm -rf dist
mkdir -p "dist/$name/bin"
"$java" -Djarmode=tools -jar "$target/kvpurge.jar" extract --destination "dist/$name/lib" >/dev/null
cp "$source/bin/kvpurge" "$source/bin/kvpurge-prepare" "dist/$name/bin/"
chmod 755 "dist/$name/bin/"*
for each in LICENSE README.md CHANGELOG.md jobs schema docs; do
  cp -r "$source/../../$each" "dist/$name/"
done
"dist/$name/bin/kvpurge" completion > "dist/$name/completion.bash"
sbom=$target/classes/META-INF/sbom/application.cdx.json
if [ -f "$sbom" ]; then
  cp "$sbom" "dist/$name/sbom.cdx.json"
else
  echo "no bill of materials: build with -Pdist and without --offline to have one" >&2
fi
# Whoever builds it, with whatever umask: root's, readable by all. Jars are compressed already.
tar -cf - -C dist --sort=name --mtime="$3" --owner=0 --group=0 --numeric-owner \
  --mode=u+rwX,go+rX,go-w "$name" | gzip -n -1 > "$name.tar.gz"
sha256sum "$name.tar.gz" > "$name.tar.gz.sha256"
