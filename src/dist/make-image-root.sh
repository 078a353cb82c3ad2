#!/bin/sh
# Puts together what the image has beside kvpurge: a Java runtime made by jlink of the JDK
# that builds, the few libraries of this machine that it needs, a user, and a home. So no
# other image is fetched, and there is no shell and no package manager in it.
# Argument: the folder to be made.
set -eu
rm -rf "$1"
mkdir -p "$1/opt" "$1/etc" "$1/tmp" "$1/var/lib/kvpurge"
cd "$1"
jdk=${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")}
"$jdk/bin/jlink" --output opt/java --no-header-files --no-man-pages --strip-java-debug-attributes \
  --add-modules java.se,jdk.charsets,jdk.crypto.ec,jdk.jfr,jdk.management,jdk.naming.dns,jdk.net,jdk.security.auth,jdk.security.jgss,jdk.unsupported,jdk.zipfs
# What the machine trusts, where its JDK is kept up to date by a package.
cp -L "$jdk/lib/security/cacerts" opt/java/lib/security/cacerts
# Spring needs java.beans, which is a part of java.desktop: but no windows, fonts and sounds.
for library in awt awt_headless awt_xawt fontmanager freetype javajpeg jawt jsound lcms mlib_image splashscreen; do
  rm -f "opt/java/lib/lib$library.so"
done
# The archive of Java's own classes, which a JDK comes with and jlink leaves out.
opt/java/bin/java -Xshare:dump >/dev/null
# What it is linked to, where it looks for it. libnss_*: a glibc before 2.34 resolves names by them.
libraries=$(find opt/java -name '*.so' -o -path 'opt/java/bin/java' | LD_LIBRARY_PATH=opt/java/lib:opt/java/lib/server xargs ldd)
if echo "$libraries" | grep "not found" >&2; then exit 1; fi
needed=$(echo "$libraries" | awk '$3 ~ "^/" {print $3} $1 ~ "^/.*/ld-" {print $1}' | grep -v "opt/java/" | sort -u)
libc=$(echo "$needed" | grep '/libc\.so')
for library in $needed "$(dirname "$libc")/libnss_dns.so.2" "$(dirname "$libc")/libnss_files.so.2" \
    "$(dirname "$libc")/libresolv.so.2"; do
  if [ -e "$library" ]; then
    mkdir -p ".$(dirname "$library")"
    cp -L "$library" ".$library"
  fi
done
echo "kvpurge:x:10001:10001:kvpurge:/var/lib/kvpurge:/sbin/nologin" > etc/passwd
echo "kvpurge:x:10001:" > etc/group
