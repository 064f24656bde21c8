# shellcheck shell=bash
# Programs as they are shipped, and the work that they are sampled at. Sourced,
# with $built set to the folder of what programs/build makes.

sources=$(dirname "$(realpath "${BASH_SOURCE[0]}")")/programs
top=$(realpath "$sources/../../..")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export XDG_CACHE_HOME=$scratch/cache

# shellcheck disable=SC2034 # read by those that source this file
WORKLOADS='xz perl python3 cc1 sqlite3 openssl git nginx templates static-pie
	rust go'

# What a workload is: its command, the names of its threads, the files that its
# processes begin in, and what must be there. false: something is missing.
# shellcheck disable=SC2034 # read by those that source this file
workload() {
	load=: threads=$1
	case $1 in
	xz)
		programs=(/usr/bin/xz)
		command=(xz -6 -c "$scratch/text")
		;;
	perl)
		programs=(/usr/bin/perl)
		command=(/usr/bin/perl "$sources/script.pl" 25)
		;;
	python3)
		programs=("$(realpath /usr/bin/python3)")
		command=(/usr/bin/python3 "$sources/script.py" 150)
		;;
	cc1)
		programs=("$(gcc -print-prog-name=cc1 2> "$scratch/null")")
		command=("${programs[0]}" -quiet -O2 -D_GNU_SOURCE
			-imultiarch "$(gcc -print-multiarch)"
			"$top/user/resolve/kallsyms.c" -o "$scratch/assembly")
		;;
	sqlite3)
		programs=(/usr/bin/sqlite3)
		command=(sqlite3 :memory: ".read $sources/query.sql")
		;;
	openssl)
		programs=(/usr/bin/openssl)
		command=(openssl speed -mr -seconds 1 -bytes 4096 sha256 rsa2048)
		;;
	git)
		programs=(/usr/bin/git)
		threads='git.*'
		command=(git -C "$scratch/repository" log -p --stat)
		;;
	nginx)
		programs=(/usr/sbin/nginx /usr/bin/ab)
		load=nginx_load
		command=(nginx -c "$scratch/nginx.conf" -e "$scratch/errors")
		;;
	templates)
		programs=("$built/templates")
		command=("$built/templates" 5000)
		;;
	static-pie)
		threads=library
		programs=("$built/library")
		command=("$built/library" 400)
		;;
	rust)
		threads=words
		programs=("$built/words")
		command=("$built/words" 300)
		;;
	go)
		threads=parse
		programs=("$built/parse")
		command=("$built/parse" 120)
		;;
	esac
	for program in "${programs[@]}"; do
		[ -x "$program" ] || return 1
	done
	[ "$1" != git ] || [ -d "$built/repository" ]
}

prepare() {
	# perf looks at the file of every module there is, each time it begins.
	mount -t tmpfs none "/lib/modules/$(uname -r)"
	cat "$top"/{docs,kmod,user}/* 2> "$scratch/null" |
		head -c 400000 > "$scratch/text" || :
	if [ -d "$built/repository" ]; then
		cp -R "$built/repository" "$scratch"
	fi
	if [ -x /usr/sbin/nginx ]; then
		make_site
	fi
}

make_site() {
	mkdir -p "$scratch/site"
	chmod 755 "$scratch"
	cp "$top/README.md" "$scratch/site/page.txt"
	cat > "$scratch/nginx.conf" <<- END
	daemon off;
	user root;
	pid $scratch/nginx.pid;
	events {}
	http {
		access_log $scratch/access;
		gzip on;
		gzip_types text/plain;
		server {
			listen 127.0.0.1:8080;
			root $scratch/site;
			default_type text/plain;
		}
	}
	END
	busybox ifconfig lo up
}

# Requests as soon as it listens, then the end.
nginx_load() {
	local url=http://127.0.0.1:8080/page.txt
	until ab -q -n 1 $url > "$scratch/ab" 2>&1; do
		sleep 0.2
	done
	ab -q -n 600 -c 4 -H 'Accept-Encoding: gzip' $url > "$scratch/ab" 2>&1
	kill -QUIT "$(cat "$scratch/nginx.pid")"
}

# profiled COMMAND...: with the load that the workload needs.
profiled() {
	local status=0
	$load &
	"$@" > "$scratch/out" 2> "$scratch/log" || status=$?
	wait
	[ $status = 0 ] || { cat "$scratch/log" >&2 && return $status; }
}
