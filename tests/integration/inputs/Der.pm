# SPDX-License-Identifier: BSD-2-Clause
# DER, and BER where a test wants it, written by hand: what openssl's commands refuse to make.
package Der;
use strict;
use warnings;
use Exporter qw(import);
use POSIX qw(strftime);
use Time::Local qw(timegm);
our @EXPORT = qw(tlv seq set set_as_is oid int_of octets bits bool null utf8 printable ia5 enum utc gen
	time_of ctx prim epoch indefinite);

# ---- lengths and tags ----
sub len {
	my $n = shift;
	return chr $n if $n < 128;
	my $b = '';
	for (; $n; $n >>= 8) { $b = chr($n & 255) . $b }
	return chr(128 | length $b) . $b;
}
sub tlv { my ($tag, @v) = @_; my $v = join '', @v; return chr($tag) . len(length $v) . $v }
sub seq { return tlv(0x30, @_) }
# A SET OF in order (X.690, 11.6), and one in the order given.
sub set { return tlv(0x31, sort @_) }
sub set_as_is { return tlv(0x31, @_) }
# Context tags: around something, and in its place.
sub ctx { my ($n, @v) = @_; return tlv(0xA0 | $n, @v) }
sub prim { my ($n, @v) = @_; return tlv(0x80 | $n, @v) }
# BER: a constructed value without a length.
sub indefinite { my ($tag, @v) = @_; return chr($tag) . "\x80" . join('', @v) . "\0\0" }

# ---- values ----
sub oid {
	my ($a, $b, @rest) = split /\./, shift;
	my $out = '';
	for my $n ($a * 40 + $b, @rest) {
		my $v = $n;
		my $one = chr($v & 127);
		while ($v >>= 7) { $one = chr(128 | ($v & 127)) . $one }
		$out .= $one;
	}
	return tlv(0x06, $out);
}
sub int_of {
	my $n = shift;
	my $b = '';
	do { $b = chr($n & 255) . $b; $n >>= 8 } while $n;
	return tlv(0x02, ord($b) & 128 ? "\0$b" : $b);
}
sub enum { return tlv(0x0A, chr shift) }
sub octets { return tlv(0x04, @_) }
# bits BYTES [UNUSED]
sub bits { my ($v, $unused) = @_; return tlv(0x03, chr($unused // 0), $v) }
sub bool { return tlv(0x01, shift() ? "\xFF" : "\0") }
sub null { return "\x05\0" }
sub utf8 { return tlv(0x0C, @_) }
sub printable { return tlv(0x13, @_) }
sub ia5 { return tlv(0x16, @_) }

# ---- times ----
# '2026-05-01' or '2026-05-01T12:00:00Z'
sub epoch {
	my ($y, $m, $d, $h, $min, $s) = shift =~ /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d):(\d\d)Z)?$/ or die "time: @_";
	return timegm($s // 0, $min // 0, $h // 0, $d, $m - 1, $y);
}
sub utc { return tlv(0x17, strftime('%y%m%d%H%M%SZ', gmtime epoch(shift))) }
sub gen { return tlv(0x18, strftime('%Y%m%d%H%M%SZ', gmtime epoch(shift))) }
# As RFC 5280, 4.1.2.5 has it.
sub time_of { my $t = shift; return $t lt '2050' ? utc($t) : gen($t) }
1;
