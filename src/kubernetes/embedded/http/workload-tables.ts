import type { Workload } from '../../types.ts';
import { selectorText } from '../validate-workload.ts';
import { AGE, age, layout, text, type Column } from './table-layout.ts';

const TEMPLATE_COLUMNS = [text('Containers', 1), text('Images', 1), text('Selector', 1)];
const number = (name: string): Column => ({ name, type: 'integer' });

export const DEPLOYMENT_LAYOUT = layout<Workload>(
  [text('Ready'), text('Up-to-date'), text('Available'), AGE, ...TEMPLATE_COLUMNS],
  (workload, nowMs) => {
    const { replicas = 0 } = workload.spec;
    const { readyReplicas = 0, availableReplicas = 0, updatedReplicas = 0 } = workload.status ?? {};
    const counts = [`${readyReplicas}/${replicas}`, updatedReplicas, availableReplicas];
    return [...counts, age(workload, nowMs), ...templateCells(workload)];
  },
);

export const REPLICA_SET_LAYOUT = layout<Workload>(
  [number('Desired'), number('Current'), number('Ready'), AGE, ...TEMPLATE_COLUMNS],
  (workload, nowMs) => {
    const { replicas = 0, readyReplicas = 0 } = workload.status ?? {};
    return [workload.spec.replicas ?? 0, replicas, readyReplicas, age(workload, nowMs), ...templateCells(workload)];
  },
);

function templateCells({ spec }: Workload): string[] {
  const { containers } = spec.template.spec;
  const names = containers.map(({ name }) => name).join(',');
  const images = containers.map(({ image = '' }) => image).join(',');
  return [names, images, selectorText(spec.selector ?? {})];
}
