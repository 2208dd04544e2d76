#!/bin/sh
# The process of one pod, where the kernel refuses containers: called by `ip netns exec`, which has made a mount namespace.
# pod.sh ROOT LOG HOSTNAME USER GROUP VOLUME_GROUP HOSTS PASSWD [FOLDER PATH ro|rw]... -- PROGRAM ARGUMENTS
set -eu
root=$1 log=$2 name=$3 user=$4 group=$5 volumes=$6 hosts=$7 passwd=$8
shift 8
exec >>"$log" 2>&1
hostname "$name"
mount -t tmpfs pod "$root"
for folder in usr etc proc dev; do
  mkdir "$root/$folder"
  mount --rbind "/$folder" "$root/$folder"
done
mount -o remount,bind,ro "$root/usr"
mount -o remount,bind,ro "$root/etc"
for link in bin sbin lib lib64; do
  if [ -L "/$link" ]; then cp -P "/$link" "$root/$link"; elif [ -d "/$link" ]; then mkdir "$root/$link"; mount --bind -o ro "/$link" "$root/$link"; fi
done
mount --bind "$hosts" "$root/etc/hosts"
mount --bind "$passwd" "$root/etc/passwd"
# no server to ask for other names: they are refused at once
mount --bind /dev/null "$root/etc/resolv.conf"
while [ "$1" != -- ]; do
  if [ -d "$1" ]; then mkdir -p "$root$2"; else mkdir -p "$root$(dirname "$2")"; : >"$root$2"; fi
  mount --bind "$1" "$root$2"
  if [ "$3" = ro ]; then mount -o remount,bind,ro "$root$2"; fi
  shift 3
done
shift
mount -o remount,ro "$root"
cd /
exec chroot "$root" /usr/bin/setpriv --reuid "$user" --regid "$group" --groups "$volumes" --no-new-privs --bounding-set=-all --inh-caps=-all "$@"
