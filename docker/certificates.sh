#!/bin/sh
# Makes the certificate authority of a cluster, and a certificate for each of its servers, in folders of $1. Run again, it makes anew what ends within 30 days,
# or was made for other names, and leaves the rest. The key of the authority stays in a folder that no server mounts.
set -eu
umask 077
cd "$1"

ends_soon() { ! openssl x509 -in "$1" -noout -checkend 2592000 > /dev/null; }

# certificate FOLDER OWNER COMMON-NAME NAMES
certificate() {
  mkdir -p "$1"
  if [ -f "$1/server.crt" ] && ! ends_soon "$1/server.crt" && [ "$(cat "$1/names")" = "$4" ] &&
    openssl verify -CAfile trust/ca.crt "$1/server.crt" > /dev/null 2>&1; then
    echo "$1: kept"
    return
  fi
  # What was begun and not ended is begun anew: the certificate itself comes last.
  rm -f "$1/server.crt"
  openssl req -newkey rsa:3072 -nodes -subj "/CN=$3" -keyout "$1/server.key" -out "$1/request" 2> /dev/null
  printf '%s\n' "subjectAltName=$4" 'keyUsage=critical,digitalSignature,keyEncipherment' \
    'extendedKeyUsage=serverAuth,clientAuth' 'basicConstraints=critical,CA:FALSE' > "$1/extensions"
  openssl x509 -req -in "$1/request" -CA trust/ca.crt -CAkey authority/ca.key -CAcreateserial -CAserial authority/serial \
    -days 365 -extfile "$1/extensions" -out "$1/made" 2> /dev/null
  rm "$1/request" "$1/extensions"
  cat "$1/made" "$1/server.key" > "$1/server.pem"
  printf '%s' "$4" > "$1/names"
  mv "$1/made" "$1/server.crt"
  chown -R "$2" "$1"
  echo "$1: made"
}

mkdir -p authority trust
if [ ! -f trust/ca.crt ] || ends_soon trust/ca.crt; then
  openssl req -x509 -newkey rsa:3072 -nodes -days 3650 -subj '/CN=Billtrail cluster' -keyout authority/ca.key -out authority/ca.crt \
    -addext 'keyUsage=critical,keyCertSign,cRLSign' 2> /dev/null
  cp authority/ca.crt trust/ca.crt
  echo 'authority: made'
fi
chmod 755 trust
chmod 644 trust/ca.crt

# The nodes of an EventStoreDB know each other by one common name. Owners are the users of the images.
certificate events-1 1000:1000 eventstoredb-node DNS:events-1,IP:172.30.44.11
certificate events-2 1000:1000 eventstoredb-node DNS:events-2,IP:172.30.44.12
certificate events-3 1000:1000 eventstoredb-node DNS:events-3,IP:172.30.44.13
certificate vault 999:999 vault DNS:vault
certificate proxy 99:99 proxy "DNS:$(echo "${PUBLIC_NAMES:-localhost}" | sed 's/,/,DNS:/g')"
