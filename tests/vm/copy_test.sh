# shellcheck shell=bash
# User stacks against those that another unwinder, libdw, finds in copies of
# the stacks' memory, taken at the same samples. Needs the module made with
# TEST=copy, and $TOOLS/verify. Programs that this machine has not are left out.
#
# DITHER_COPY_SECONDS in the environment: how long each program is sampled
# (default 2). DITHER_COPY_SAMPLES: how many samples are to be compared in all
# (default 1500).

_has() {
	command -v "$1" > /dev/null || { comment "there is no $1"; return 1; }
}

# _agrees NAME COMMAND...: sampled until it ends or its time is over; what
# libdw finds in NAME.dither is the same.
_agrees() {
	local name=$1 status=0

	shift
	# Until its tables are there; its end is none of the test's business.
	timeout 1 "$@" > /dev/null 2>&1
	"$dither" record -q -F 499 --budget 100 --ring-size 16M \
		-o "$name.dither" -- timeout "${DITHER_COPY_SECONDS:-2}" "$@" \
		> "$name.out" 2> "$name.log"
	[ -s "$name.dither" ] || fail "no recording: $(cat "$name.log")" ||
		return
	"$TOOLS/verify" -e 2 "$name.dither" > "$name.verified" 2>&1 || status=$?
	sed 's/^[^#]/# &/' "$name.verified"
	[ "$status" -eq 0 ] || fail "verify $name.dither ended with $status"
}

# Tables stay for as long as any session is open: so those that the programs
# below are found to need are there when they are needed again.
tables_stay_while_a_session_is_open() {
	"$dither" record -q -a -F 99 -o keep.recording --duration 10000 2> keep.log &
	keeper=$!
	sleep 1
	kill -0 $keeper || fail "$(cat keep.log)"
}

xz_is_unwound_as_libdw_does() {
	_has xz || return 0
	_agrees xz sh -c 'while :; do xz -T1 -2 < /usr/bin/perl; done > /dev/null'
}

perl_is_unwound_as_libdw_does() {
	_has perl || return 0
	_agrees perl perl -e '
		sub f { my $n = shift; return $n < 2 ? $n : f($n - 1) + f($n - 2) }
		while (1) {
			my %h;
			f(12);
			$h{$_ % 100} .= "x" for 1 .. 2000;
			my @sorted = sort { $h{$a} cmp $h{$b} || $a <=> $b } keys %h;
			my $text = join ",", map { s/(x+)/<$1>/r } values %h;
		}'
}

python_is_unwound_as_libdw_does() {
	[ -x /usr/bin/python3 ] || return 0
	_agrees python /usr/bin/python3 -S -c '
import re
def f(n): return n if n < 2 else f(n - 1) + f(n - 2)
class Key:
    def __init__(self, v): self.v = v
    def __lt__(self, other): return str(self.v) < str(other.v)
while True:
    f(12)
    sorted(Key(i * 7919 % 1000) for i in range(300))
    re.sub("(a+)b", lambda m: m.group(1).upper(), "aaabcab" * 100)
'
}

awk_is_unwound_as_libdw_does() {
	_has gawk || return 0
	_agrees awk gawk 'function f(n) { return n < 2 ? n : f(n - 1) + f(n - 2) }
		BEGIN { while (1) { f(12); s = ""
			for (i = 0; i < 300; i++) s = s i ","
			gsub(/[0-9]+,/, "<&>", s); split(s, parts, ">,*") } }'
}

# A program of some length, to be compiled.
_write_source() {
	local i

	for i in $(seq 150); do
		cat <<-END
		int f$i(int *p, int n)
		{
			int s = $i, i;

			for (i = 0; i < n; i++) {
				switch (p[i] % 7) {
				case 0: s += p[i] * $i; break;
				case 3: s ^= s << (p[i] & 3); break;
				case 5: while (s > n) s /= 3; break;
				default: p[i] += s;
				}
			}
			return s;
		}
		END
	done > source.c
}

the_C_compiler_is_unwound_as_libdw_does() {
	_has gcc || return 0
	_write_source
	_agrees cc1 sh -c 'while :; do gcc -O2 -S -o /dev/null source.c; done'
}

sqlite_is_unwound_as_libdw_does() {
	_has sqlite3 || return 0
	_agrees sqlite sqlite3 :memory: '
		create table t(a integer primary key, b text);
		with recursive n(i) as (select 1 union all select i + 1 from n
			where i < 3000)
			insert into t select i, hex(i * 7919 % 1000) from n;
		create index x on t(b);
		with recursive n(i) as (select 1 union all select i + 1 from n)
			select count(*) from n, t where t.b = hex(n.i % 1000)
			group by t.b having t.b like "%3%" order by 1;'
}

openssl_is_unwound_as_libdw_does() {
	_has openssl || return 0
	_agrees openssl openssl speed -seconds 1 -bytes 4096 \
		rsa2048 ecdhp256 aes-128-gcm sha256
}

git_is_unwound_as_libdw_does() {
	_has git || return 0
	mkdir repository
	{
		git init -q repository
		cp -r "$here"/../../user "$here"/../../kmod repository/
		git -C repository add .
		git -C repository -c user.name=x -c user.email=x commit -qm x
	} > /dev/null 2>&1
	_agrees git sh -c 'while :; do
		git -C repository log -p; git -C repository repack -qadf
		git -C repository grep -c "static.*int"; done'
}

nginx_is_unwound_as_libdw_does() {
	local status

	_has nginx && _has perl || return 0
	ip link set lo up 2> /dev/null
	mkdir -p www logs
	head -c 20000 /usr/bin/perl | base64 > www/page
	cat > nginx.conf <<-END
	worker_processes 1;
	daemon off;
	user root;
	pid $PWD/nginx.pid;
	error_log $PWD/logs/error;
	events { worker_connections 64; }
	http {
		access_log $PWD/logs/access;
		gzip on; gzip_types *;
		server { listen 127.0.0.1:8080; root $PWD/www; }
	}
	END
	_agrees nginx sh -c "nginx -p $PWD -c $PWD/nginx.conf & sleep .2
		while :; do perl -MIO::Socket::INET -e '
			for (1 .. 200) {
				my \$s = IO::Socket::INET->new(\"127.0.0.1:8080\")
					or exit;
				print \$s \"GET /page HTTP/1.0\\r\\nAccept-Encoding: gzip\\r\\n\\r\\n\";
				1 while <\$s>;
			}'; done"
	status=$?
	pkill -F nginx.pid 2> /dev/null
	return $status
}

signal_handlers_coroutines_and_jumps_are_unwound_as_libdw_does() {
	_agrees detours "$workloads/detours" 1000
}

exceptions_and_deep_templates_are_unwound_as_libdw_does() {
	[ -x "$workloads/templates" ] || return 0
	_agrees templates "$workloads/templates" 1000
}

libraries_that_come_and_go_are_unwound_as_libdw_does() {
	_agrees twins "$workloads/twins" 1000
}

enough_samples_were_compared() {
	local status=0

	"$TOOLS/verify" -e 0 -m "${DITHER_COPY_SAMPLES:-1500}" ./*.dither \
		> all.verified 2>&1 || status=$?
	comment 'all together:'
	kill -INT "$keeper"
	wait "$keeper" 2> /dev/null
	sed -n '/^# samples/,$p' all.verified
	comment "no room in the ring for" \
		"$(cat /sys/module/dither/parameters/copy_refused) pieces of copies"
	[ "$status" -eq 0 ] || fail "verify ended with $status"
}

run_tests "${BASH_SOURCE[0]}"
