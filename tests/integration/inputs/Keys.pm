# SPDX-License-Identifier: BSD-2-Clause
# Keys, each made when it is first asked for, and signatures with them, by signer.c.
package Keys;
use strict;
use warnings;
use Digest::SHA qw(sha1);
use IO::Handle;
use Exporter qw(import);
use IPC::Open2 qw(open2);
use Der;
our @EXPORT = qw(key_of spki_of key_id sign alg_of default_alg digest_alg is_raw slurp spill run);

# ---- files and commands ----
sub slurp {
	my $path = shift;
	open my $fh, '<:raw', $path or die "$path: $!";
	local $/;
	return scalar <$fh>;
}
sub spill {
	my ($path, @v) = @_;
	open my $fh, '>:raw', $path or die "$path: $!";
	print $fh @v;
	close $fh or die "$path: $!";
	return $path;
}
# run COMMAND...: what it says; its errors are told when it fails.
sub run {
	my @command = @_;
	my $pid = open my $fh, '-|';
	die "fork: $!" unless defined $pid;
	if (!$pid) {
		open STDERR, '>', 'command.err';
		exec @command or exit 127;
	}
	binmode $fh;
	my $out = do { local $/; <$fh> };
	close $fh or die "@command: " . slurp('command.err');
	return $out // '';
}

# ---- signer.c ----
# A process for each would be most of the work.
my ($to, $from);
sub asked {
	my ($line, @bytes) = @_;
	my $program = ($ENV{top_builddir} // '.') . '/tests/integration/inputs/signer';
	open2($from, $to, $program) if !$to;
	binmode $_ for $to, $from;
	print $to $line, "\n", @bytes;
	$to->flush;
	my $n = <$from> // die "$line: the signer has ended";
	read($from, my $answer, $n) == $n or die "$line: no answer";
	return $answer;
}

# ---- keys ----
my %made_by = (
	p256 => ['EC', 'ec_paramgen_curve:P-256'], p384 => ['EC', 'ec_paramgen_curve:P-384'],
	p521 => ['EC', 'ec_paramgen_curve:P-521'], p192 => ['EC', 'ec_paramgen_curve:prime192v1'],
	p224 => ['EC', 'ec_paramgen_curve:P-224'], rsa2048 => ['RSA', 'rsa_keygen_bits:2048'],
	rsa1024 => ['RSA', 'rsa_keygen_bits:1024'], rsafor512 => ['RSA', 'rsa_keygen_bits:2048'], ed25519 => ['ED25519'], sm2 => ['SM2'],
);
my %spki;
# key_of 'p256' or 'p256.name': its file.
sub key_of {
	my $name = shift;
	my $file = "key.$name.pem";
	return $file if -s $file;
	my ($kind) = split /\./, $name;
	my ($alg, @opt) = @{ $made_by{$kind} // die "no key $name" };
	$spki{$name} = asked(join ' ', $file, 'new', $alg, @opt);
	# RFC 4055, 3.1: the same key, restricted; behind rsaEncryption's AlgorithmIdentifier is its BIT STRING.
	$spki{$name} = seq(pss('sha512', 'sha512', 64), substr $spki{$name}, 19) if $kind eq 'rsafor512';
	return $file;
}
sub spki_of {
	my $name = shift;
	key_of($name);
	return $spki{$name};
}
# RFC 5280, 4.2.1.2 (1): over the BIT STRING's content, which ends the SubjectPublicKeyInfo.
sub key_id {
	my $spki = spki_of(shift);
	my ($at, $tag) = (2 + (ord(substr $spki, 1, 1) & 128 ? ord(substr $spki, 1, 1) & 127 : 0));
	my $skip = sub {
		my $n = ord substr $spki, $at + 1, 1;
		my $head = 2;
		if ($n & 128) {
			my $more = $n & 127;
			$n = 0;
			$n = $n << 8 | ord substr $spki, $at + 2 + $_, 1 for 0 .. $more - 1;
			$head += $more;
		}
		return ($head, $n);
	};
	my ($head, $n) = $skip->();
	$at += $head + $n;
	($head, $n) = $skip->();
	return sha1(substr $spki, $at + $head + 1, $n - 1);
}

# ---- algorithms ----
my %digest = (md5 => '1.2.840.113549.2.5', sha1 => '1.3.14.3.2.26', sha224 => '2.16.840.1.101.3.4.2.4',
	sha256 => '2.16.840.1.101.3.4.2.1', sha384 => '2.16.840.1.101.3.4.2.2', sha512 => '2.16.840.1.101.3.4.2.3',
	'sha3-256' => '2.16.840.1.101.3.4.2.8', sm3 => '1.2.156.10197.1.401', strange => '1.3.6.1.4.1.32473.1');
my %size = (md5 => 16, sha1 => 20, sha224 => 28, sha256 => 32, sha384 => 48, sha512 => 64);
my %rsa = (md5 => 4, sha1 => 5, sha224 => 14, sha256 => 11, sha384 => 12, sha512 => 13);
my %ecdsa = (sha224 => 1, sha256 => 2, sha384 => 3, sha512 => 4);
sub digest_alg { my $md = shift; return seq(oid($digest{$md} // die "digest $md"), @_) }
# RFC 4055, 3.1: hash, MGF1 with its hash, length of the salt.
sub pss {
	my ($md, $mgf, $salt) = @_;
	return seq(oid('1.2.840.113549.1.1.10'), seq(ctx(0, digest_alg($md, null)),
		ctx(1, seq(oid('1.2.840.113549.1.1.8'), digest_alg($mgf, null))), ctx(2, int_of($salt))));
}
# alg_of NAME: the AlgorithmIdentifier and openssl's words: rsa-sha256, ecdsa-sha384, pss-sha256[-mgf-sha1],
# pss-bare (no parameters: their defaults), ed25519, sm2-sm3; rsa and ec are the key's own OID, the digest is sha256 then.
sub alg_of {
	my $name = shift;
	my @null = (null);
	return (seq(oid('1.2.840.113549.1.1.1'), @null), 'sha256') if $name eq 'rsa';
	return (seq(oid('1.2.840.10045.2.1')), 'sha256') if $name eq 'ec';
	return (seq(oid('1.3.101.112')), 'sha512', 'raw') if $name eq 'ed25519';
	return (seq(oid('1.2.156.10197.1.501')), 'sm3', 'sm2') if $name eq 'sm2-sm3';
	return (seq(oid('1.3.6.1.4.1.32473.2')), 'sha256') if $name eq 'strange';
	if ($name =~ /^rsa-(\w+)$/) { return (seq(oid("1.2.840.113549.1.1.$rsa{$1}"), @null), $1) }
	if ($name eq 'ecdsa-sha1') { return (seq(oid('1.2.840.10045.4.1')), 'sha1') }
	if ($name =~ /^ecdsa-(\w+)$/) { return (seq(oid("1.2.840.10045.4.3.$ecdsa{$1}")), $1) }
	if ($name eq 'pss-bare') { my (undef, @default) = alg_of('pss-sha1'); return (seq(oid('1.2.840.113549.1.1.10')), @default) }
	my ($md, $mgf, $salt) = $name =~ /^pss-(\w+?)(?:-mgf-(\w+))?(?:-salt-(\d+))?$/ or die "algorithm $name";
	$salt //= $size{$md};
	$mgf //= $md;
	return (pss($md, $mgf, $salt), $md, '-sigopt', 'rsa_padding_mode:pss', '-sigopt', "rsa_pss_saltlen:$salt",
		'-sigopt', "rsa_mgf1_md:$mgf");
}
sub default_alg {
	my ($kind) = split /\./, shift;
	return $kind =~ /^rsa/ ? 'rsa-sha256' : $kind =~ /^p/ ? 'ecdsa-sha256' : $kind eq 'sm2' ? 'sm2-sm3' : $kind;
}
# sign KEY ALGORITHM BYTES
sub sign {
	my ($key, $alg, $data) = @_;
	my (undef, $md, @opt) = alg_of($alg);
	my $how = $opt[0] // '';
	@opt = $how eq 'raw' ? () : $how eq 'sm2' ? ('distid:1234567812345678') : grep { $_ ne '-sigopt' } @opt;
	return asked(join(' ', key_of($key), $how eq 'raw' ? 'raw' : $md, length $data, @opt), $data);
}
1;
