# SPDX-License-Identifier: BSD-2-Clause
# Signed tokens (RFC 7515): trust marks, their statuses, renewal requests, counterparty tokens and trust lists,
# honest and not, by the words of a row of verdicts.tsv: mark.sub=URL, status.head.kid=none, token.alter=value.
package Jose;
use strict;
use warnings;
use Digest::SHA qw(sha256);
use Exporter qw(import);
use JSON::PP ();
use MIME::Base64 qw(encode_base64 encode_base64url);
use Cms qw(digest_by);
use Der;
use Keys;
use Pki;
our @EXPORT = qw(jose_files);

my $json = JSON::PP->new->canonical;
my ($issuer, $holder, $me) = ('https://issuer.example', 'https://shop.example', 'https://me.example');
my $type = "$issuer/marks/trader";
sub hash_of { return encode_base64url(sha256(shift)) }
sub x5c_of { return [map { encode_base64(cert($_), '') } split /,/, shift] }

# ---- compact JWS ----
# ECDSA's two numbers, side by side (RFC 7518, 3.4).
sub raw {
	my ($der, $n) = @_;
	my ($at, $out) = (ord(substr $der, 1, 1) & 128 ? 3 : 2, '');
	for (1 .. 2) {
		my $len = ord substr $der, $at + 1, 1;
		my $v = substr $der, $at + 2, $len;
		$v =~ s/^\0+//;
		$out .= ("\0" x ($n - length $v)) . $v;
		$at += 2 + $len;
	}
	return $out;
}
my %way = (ES256 => ['ecdsa-sha256', 32], ES384 => ['ecdsa-sha384', 48], RS256 => ['rsa-sha256'], PS256 => ['pss-sha256'], RS1 => ['rsa-sha1']);
sub compact {
	my ($w, $head, $claims) = @_;
	my $text = $json->encode($claims);
	$text =~ s/\}$/,"sub":"https:\/\/thief.example"}/ if ($w->{alter} // '') eq 'twice';
	my $input = encode_base64url($json->encode($head)) . '.' . encode_base64url($text);
	my $alg = $head->{alg};
	my $value = $alg eq 'none' ? '' : $alg eq 'HS256' ? Digest::SHA::hmac_sha256($input, cert($w->{key}))
		: sign(cert_key($w->{key}), $way{$alg}[0], $input);
	$value = raw($value, $way{$alg}[1]) if $way{$alg} && $way{$alg}[1];
	my $altered = $w->{alter} // '';
	substr($value, -1) = chr(1 ^ ord substr $value, -1) if $altered eq 'value';
	if ($altered eq 'claims') {
		my %other = (%$claims, sub => 'https://thief.example');
		$input = encode_base64url($json->encode($head)) . '.' . encode_base64url($json->encode(\%other));
	}
	return "$input." . encode_base64url($value) . ($altered eq 'tail' ? ' and more' : '') . "\n";
}

# ---- words of one of the tokens, over what it has by itself ----
my %is_time = map { $_ => 1 } qw(iat exp nbf);
sub words_for {
	my ($prefix, $w) = @_;
	return map { /^\Q$prefix\E\.(.+)$/ ? ($1 => $w->{$_}) : () } keys %$w;
}
# token PREFIX WORDS HEADER CLAIMS
sub token {
	my ($prefix, $w, $head, $claims) = @_;
	my %w = (key => 'issuer', words_for($prefix, $w));
	$head->{alg} = cert_key($w{key}) =~ /^rsa/ ? 'RS256' : 'ES256';
	$head->{kid} = hash_of(cert($w{kid} // $w{key})) if exists $head->{kid};
	for my $k (keys %w) {
		next if $k =~ /^(key|kid|alter)$/;
		my ($into, $name) = $k =~ /^head\.(.+)$/ ? ($head, $1) : ($claims, $k);
		my $v = $w{$k};
		if ($v eq 'none') { delete $into->{$name} unless $name eq 'alg'; $into->{$name} = 'none' if $name eq 'alg'; next }
		$into->{$name} = $is_time{$name} ? epoch($v) : $name eq 'seq' ? 0 + $v : $name eq 'x5c' ? x5c_of($v)
			: $name eq 'cnf' ? { 'x5t#S256' => hash_of(cert($v)) } : $name eq 'crit' ? [$v] : $v =~ /^\[(.*)\]$/ ? [split /,/, $1] : $v;
	}
	return compact(\%w, $head, $claims);
}

# ---- one of each kind ----
my %window = (iat => '2026-05-31T12:00:00Z', exp => '2026-06-01T06:00:00Z');
sub window { my %t = (%window, @_); return map { $_ => epoch($t{$_}) } keys %t }
sub mark_of {
	my $w = shift;
	my %claims = (iss => $issuer, sub => $holder, trust_mark_type => $type, window(iat => '2026-01-01', exp => '2026-12-31'), jti => 'mark-1',
		cnf => { 'x5t#S256' => hash_of(cert('good')) });
	$claims{delegation} = token('delegation', $w, { typ => 'trust-mark-delegation+jwt', kid => 1 },
		{ iss => 'https://owner.example', sub => $issuer, trust_mark_type => $type, window(iat => '2026-01-01', exp => '2026-12-31') }) =~ s/\n//r if $w->{delegated};
	return token('mark', $w, { typ => 'trust-mark+jwt', kid => 1 }, \%claims);
}
sub status_of {
	my ($w, $mark) = @_;
	$mark = mark_of({ 'mark.sub' => 'https://else.example' }) if $w->{ofanother};
	return token('status', $w, { typ => 'trust-mark-status-response+jwt', kid => 1 },
		{ iss => $issuer, trust_mark => $mark =~ s/\n//r, status => 'active', window() });
}
sub request_of {
	my ($w, $mark) = @_;
	my %evidence = (cop => [{ item => 1, statement => 'Yes' }], entries => [], terms_url => "$holder/t", privacy_url => "$holder/p",
		complaint_contact => 'c@shop.example', domains => ['shop.example'], br_no => $w->{business} // '51234567');
	return token('request', { 'request.key' => 'good', %$w }, { typ => 'hktm-renewal-request+jwt', x5c => x5c_of('good,sub') },
		{ iss => $holder, sub => $holder, aud => $issuer, window(), jti => 'request-1', trust_mark_type => $type,
			hktm_prev => hash_of($mark =~ s/\n//r), hktm_cop => { name => 'Code', version => '1' }, hktm_evidence => \%evidence });
}
sub counterparty_of {
	my ($w, $mark, $status) = @_;
	my %claims = (iss => $holder, sub => $holder, aud => $me, eat_profile => 'tag:ecert-middleware,2026:counterparty:1',
		window(iat => '2026-05-31T23:59:00Z', exp => '2026-06-01T00:02:00Z'), eat_nonce => 'nonce-0001');
	$claims{trust_marks} = [{ trust_mark_type => $type, trust_mark => $mark =~ s/\n//r }] if $w->{marked};
	$claims{hktm_status} = $status =~ s/\n//r if $w->{stapled};
	$claims{hktm_ocsp} = encode_base64url(ocsp($w->{ocsp})) if $w->{ocsp};
	return token('token', { 'token.key' => 'good', %$w }, { typ => 'eat+jwt', x5c => x5c_of('good,sub') }, \%claims);
}
# A list of the root as an anchor and of the issuer of marks.
sub list_of {
	my $w = shift;
	my %root = (name => 'Root', purposes => ['ecert-signing'], x5c => encode_base64(cert($w->{listed} // 'root'), ''));
	$root{policies} = [split /,/, $w->{policies}] if $w->{policies};
	$root{from} = epoch($w->{from}) if $w->{from};
	$root{until} = epoch($w->{until}) if $w->{until};
	$root{colour} = 'red' if $w->{field};
	my @tsas = map { { name => 'TSA', purposes => ['tsa'], x5c => encode_base64(cert($_), '') } } split /,/, $w->{tsas} // '';
	return token('list', { 'list.key' => 'lister', %$w }, { typ => 'hktm-trust-list+jwt' },
		{ iss => 'https://lists.example', seq => 5, window(iat => '2026-05-01', exp => '2026-08-01'), entries => [\%root, @tsas,
			{ name => 'Alliance', purposes => ['trustmark-issuer'], x5c => encode_base64(cert('issuer'), ''), entity => $issuer }] });
}
# A document in a JWS (TS 119 182-1): x5tby=S1 names the certificate by that digest (x5t#o), x5tof=NAME another one's;
# x5c=none leaves it out.
my %x5t_by = (S1 => 'sha1', S256 => 'sha256', S384 => 'sha384', S512 => 'sha512');
sub document_of {
	my $w = shift;
	my $of = cert($w->{x5tof} // 'good');
	my %head = (alg => 'ES256', iat => epoch($w->{time} // '2026-05-01'));
	$head{x5c} = x5c_of($w->{x5c} // 'good,sub') if ($w->{x5c} // '') ne 'none';
	$head{'x5t#S256'} = hash_of($of) if !$w->{x5tby} || $w->{x5t256};
	my $md = $x5t_by{ $w->{x5tby} // '' } // 'sha256';
	$head{'x5t#o'} = { digAlg => $w->{x5tby}, digVal => encode_base64url(digest_by($md, $of)) } if $w->{x5tby};
	my $input = encode_base64url($json->encode(\%head)) . '.' . encode_base64url("Invoice 2026-001\n");
	return "$input." . encode_base64url(raw(sign(cert_key('good'), 'ecdsa-sha256', $input), 32)) . "\n";
}
# jose_files NAME KIND WORDS: writes NAME.mark.jwt and what else the row needs; the command names the last one.
sub jose_files {
	my ($name, $kind, $w) = @_;
	return spill("$name.jws", document_of($w)) if $kind eq 'document';
	my $mark = mark_of($w);
	spill("$name.mark.jwt", $mark);
	my $status = $kind eq 'status' || $w->{stapled} || $w->{status} ? status_of($w, $mark) : '';
	spill("$name.status.jwt", $status) if $status;
	return "$name.mark.jwt" if $kind eq 'mark';
	return "$name.status.jwt" if $kind eq 'status';
	return spill("$name.jwt", request_of($w, $mark)) if $kind eq 'request';
	return spill("$name.jwt", counterparty_of($w, $mark, $status)) if $kind eq 'token';
	return spill("$name.jwt", list_of($w)) if $kind eq 'list';
	die "no kind $kind";
}
1;
