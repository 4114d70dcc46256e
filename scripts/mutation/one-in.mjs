/**
 * A sample of a group too large for the time there is: the functions, constants and class members of which the hash of the name leaves the rest 0 by
 * `MUTATION_ONE_IN`. The same ones in every run, and nobody chooses them. `6:1` leaves the rest 1: a fresh sample, after the survivors of the first have
 * had their specs.
 */
const [ONE_IN, REST = 0] = (process.env.MUTATION_ONE_IN ?? '1').split(':').map(Number);

/** FNV-1a of 32 bits. */
function hashOf(text) {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}

function nameOf({ node, parentPath }) {
  if (node.type.startsWith('Class') && node.key !== undefined) return node.key.name ?? node.key.id?.name;
  const isAtTop = ['Program', 'ExportNamedDeclaration'].includes(parentPath?.node.type);
  if (!isAtTop) return undefined;
  if (node.type === 'FunctionDeclaration') return node.id.name;
  return node.type === 'VariableDeclaration' ? (node.declarations[0].id.name ?? '') : undefined;
}

export const NOT_IN_SAMPLE = 'Not in the sample';

const oneIn = {
  shouldIgnore(path) {
    const name = nameOf(path);
    return name === undefined || hashOf(name) % ONE_IN === REST ? undefined : NOT_IN_SAMPLE;
  },
};

export const strykerPlugins = [{ kind: 'Ignore', name: 'one-in', value: oneIn }];
