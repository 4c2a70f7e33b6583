import type { FieldError } from '../api-error.ts';
import type { Service } from '../types.ts';
import { duplicate, invalidValue, notSupported, required } from './field-errors.ts';

const TYPES = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];

/** Why the API server would refuse a service: what charts can get wrong. */
export function validateService({ spec }: Service, errors: FieldError[]): void {
  const { type = 'ClusterIP', clusterIP, externalName = '', ports = [] } = spec;
  if (ports.length === 0 && clusterIP !== 'None' && type !== 'ExternalName') errors.push(required('spec.ports'));
  if (!TYPES.includes(type)) errors.push(notSupported('spec.type', type, TYPES));
  if (type === 'ExternalName' && externalName === '') errors.push(required('spec.externalName'));
  const names = new Set<string>();
  ports.forEach(({ name = '', port, protocol = 'TCP', targetPort }, index) => {
    const at = `spec.ports[${index}]`;
    if (name === '' && ports.length > 1) errors.push(required(`${at}.name`));
    if (name !== '' && names.has(name)) errors.push(duplicate(`${at}.name`, name));
    names.add(name);
    for (const [field, value] of Object.entries({ port, targetPort })) {
      if (typeof value !== 'number' || (value >= 1 && value <= 65_535)) continue;
      errors.push(invalidValue(`${at}.${field}`, value, 'must be between 1 and 65535, inclusive'));
    }
    if (!PROTOCOLS.includes(protocol)) errors.push(notSupported(`${at}.protocol`, protocol, PROTOCOLS));
  });
}
