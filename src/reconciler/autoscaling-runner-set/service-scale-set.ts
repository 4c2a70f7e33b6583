import type { ActionsClient } from '../../actions/client.ts';
import type { RunnerScaleSet, ScaleSetSpec } from '../../actions/scale-set.ts';
import { AutoscalingRunnerSets } from '../../kubernetes/resource.ts';
import type { AutoscalingRunnerSet } from '../../kubernetes/scale-set-types.ts';
import { done, log, logError, orLogError, phase, type Result, type Step } from '../../runtime/effects.ts';
import { patchDifference, withMetadata } from '../differences.ts';
import { labelsOfUrl } from '../labels.ts';
import { clientFor } from '../service.ts';
import { GROUP_ANNOTATION, SCALE_SET_ID_ANNOTATION, SCALE_SET_NAME_ANNOTATION } from './names.ts';
import { idOf, type ScaleSetPass } from './scale-set-pass.ts';

/** The scale set in the Actions service: what a pass makes, changes and deletes there, and notes in annotations. */

/** Of the group called Default, which every organization has. */
const DEFAULT_GROUP_ID = 1;

const NO_CLIENT = 'Failed to initialize Actions service client for';

/** Where the service has no scale set yet, or another group or name for it; undefined where all is as it should be. */
export function* ensureScaleSet(scaleSet: AutoscalingRunnerSet, pass: ScaleSetPass): Step<Result | undefined> {
  const { annotations = {} } = scaleSet.metadata;
  const { runnerGroup = '', runnerScaleSetName = '' } = scaleSet.spec;
  const id = annotations[SCALE_SET_ID_ANNOTATION];
  if ((idOf(scaleSet, SCALE_SET_ID_ANNOTATION) ?? 0) <= 0) {
    yield* log(
      id === undefined
        ? 'Runner scale set id annotation does not exist. Creating a new runner scale set.'
        : 'Runner scale set id annotation is not an id, or is <= 0. Creating a new runner scale set.',
    );
    return yield* createScaleSet(scaleSet, pass);
  }
  if (differs(annotations[GROUP_ANNOTATION], runnerGroup)) {
    yield* log('AutoScalingRunnerSet runner group changed. Updating the runner scale set.');
    return yield* updateGroup(scaleSet, pass);
  }
  if (differs(annotations[SCALE_SET_NAME_ANNOTATION], runnerScaleSetName)) {
    yield* log('AutoScalingRunnerSet runner scale set name changed. Updating the runner scale set.');
    return yield* updateName(scaleSet, pass);
  }
  return undefined;
}

/** Whether an annotation is missing, or is not what the spec asks for, if it asks. */
function differs(noted: string | undefined, wanted: string): boolean {
  return noted === undefined || (wanted !== '' && noted.toLowerCase() !== wanted.toLowerCase());
}

function* createScaleSet(scaleSet: AutoscalingRunnerSet, pass: ScaleSetPass): Step<Result> {
  yield* phase('create-scale-set');
  yield* log('Creating a new runner scale set');
  const { switches } = pass;
  const client = yield* orLogError(clientFor(scaleSet, pass.clients), `${NO_CLIENT} creating a new runner scale set`);
  const { runnerScaleSetName = '' } = scaleSet.spec;
  const name = runnerScaleSetName === '' ? scaleSet.metadata.name : runnerScaleSetName;
  const runnerGroupId = yield* groupId(scaleSet, client);
  const found = yield* orLogError(
    client.getRunnerScaleSet(runnerGroupId, name),
    'Failed to get runner scale set from Actions service',
  );
  const made =
    found ??
    (yield* orLogError(
      client.createRunnerScaleSet(specOf(scaleSet, pass, name, runnerGroupId)),
      'Failed to create a new runner scale set on Actions service',
    ));
  yield* client.nameCaller({
    part: 'controller',
    scaleSetId: made.id,
    hasProxy: scaleSet.spec.proxy !== undefined,
  });
  yield* log('Created/Reused a runner scale set', { id: made.id, runnerGroupName: made.runnerGroupName });

  yield* log('Adding runner scale set ID, name and runner group name as an annotation and url labels');
  const noted = withMetadata(scaleSet, {
    annotations: {
      ...scaleSet.metadata.annotations,
      ...annotationsOf(made),
      [SCALE_SET_ID_ANNOTATION]: String(made.id),
    },
    labels: { ...scaleSet.metadata.labels, ...labelsOfUrl(scaleSet.spec.githubConfigUrl, switches) },
  });
  yield* orLogError(
    patchDifference(
      AutoscalingRunnerSets,
      scaleSet,
      switches.has(4502) ? { ...noted, spec: { ...noted.spec, runnerScaleSetName: name } } : noted,
    ),
    'Failed to add runner scale set ID, name and runner group name as an annotation',
  );
  const { id, runnerGroupName } = made;
  yield* log('Updated with runner scale set ID, name and runner group name as an annotation', {
    ...{ id, name: made.name, runnerGroupName },
  });
  return done;
}

function specOf(
  { spec }: AutoscalingRunnerSet,
  { switches }: ScaleSetPass,
  name: string,
  runnerGroupId: number,
): ScaleSetSpec {
  const more = switches.has(4408) ? (spec.runnerScaleSetLabels ?? []) : [];
  return {
    name,
    runnerGroupId,
    labels: [...new Set([name, ...more])].map((label) => ({ type: 'System', name: label })),
    RunnerSetting: { ...(switches.has(4390) ? {} : { ephemeral: true }), disableUpdate: true },
  };
}

function annotationsOf({ name, runnerGroupName }: RunnerScaleSet): Record<string, string> {
  return { [GROUP_ANNOTATION]: runnerGroupName, [SCALE_SET_NAME_ANNOTATION]: name };
}

function* groupId({ spec }: AutoscalingRunnerSet, client: ActionsClient): Step<number> {
  const { runnerGroup = '' } = spec;
  if (runnerGroup === '') return DEFAULT_GROUP_ID;
  try {
    return (yield* client.getRunnerGroupByName(runnerGroup)).id;
  } catch (error) {
    yield* logError('Failed to get runner group by name', error, { runnerGroup });
    throw error;
  }
}

function* updateGroup(scaleSet: AutoscalingRunnerSet, pass: ScaleSetPass): Step<Result> {
  yield* phase('update-scale-set');
  const client = yield* clientToUpdate(scaleSet, pass);
  const runnerGroupId = yield* groupId(scaleSet, client);
  const updated = yield* updateScaleSet(scaleSet, client, { runnerGroupId });
  yield* log('Updating runner scale set name and runner group name as annotations');
  yield* orLogError(note(scaleSet, annotationsOf(updated)), 'Failed to update runner group name annotation');
  yield* log('Updated runner scale set with match runner group', { runnerGroup: updated.runnerGroupName });
  return done;
}

function* updateName(scaleSet: AutoscalingRunnerSet, pass: ScaleSetPass): Step<Result> {
  yield* phase('update-scale-set');
  const { runnerScaleSetName = '' } = scaleSet.spec;
  if (runnerScaleSetName === '') {
    yield* log('Runner scale set name is not specified, skipping');
    return done;
  }
  const client = yield* clientToUpdate(scaleSet, pass);
  const { name } = yield* updateScaleSet(scaleSet, client, { name: runnerScaleSetName });
  yield* log('Updating runner scale set name as an annotation');
  yield* orLogError(
    note(scaleSet, { [SCALE_SET_NAME_ANNOTATION]: name }),
    'Failed to update runner scale set name annotation',
  );
  yield* log('Updated runner scale set with match name', { name });
  return done;
}

function* clientToUpdate(scaleSet: AutoscalingRunnerSet, { clients }: ScaleSetPass): Step<ActionsClient> {
  return yield* orLogError(clientFor(scaleSet, clients), `${NO_CLIENT} updating a existing runner scale set`);
}

function* updateScaleSet(
  scaleSet: AutoscalingRunnerSet,
  client: ActionsClient,
  change: ScaleSetSpec,
): Step<RunnerScaleSet> {
  const runnerScaleSetId = idOf(scaleSet, SCALE_SET_ID_ANNOTATION) ?? 0;
  try {
    return yield* client.updateRunnerScaleSet(runnerScaleSetId, change, scaleSet.metadata.name);
  } catch (error) {
    yield* logError('Failed to update runner scale set', error, { runnerScaleSetId });
    throw error;
  }
}

function* note(scaleSet: AutoscalingRunnerSet, annotations: Record<string, string>): Step<void> {
  const noted = withMetadata(scaleSet, { annotations: { ...scaleSet.metadata.annotations, ...annotations } });
  yield* patchDifference(AutoscalingRunnerSets, scaleSet, noted);
}

/**
 * Deletes the scale set from the service, if the annotation names one, and takes the annotation off.
 * @returns the scale set as it is now
 */
export function* deleteScaleSet(scaleSet: AutoscalingRunnerSet, pass: ScaleSetPass): Step<AutoscalingRunnerSet> {
  const { [SCALE_SET_ID_ANNOTATION]: text, ...annotations } = scaleSet.metadata.annotations ?? {};
  if (text === undefined) return scaleSet;
  yield* phase('delete-scale-set');
  yield* log('Deleting the runner scale set from Actions service');
  const runnerScaleSetId = idOf(scaleSet, SCALE_SET_ID_ANNOTATION);
  if (runnerScaleSetId === undefined) {
    yield* log('autoscaling runner set does not have annotation describing scale set id. Skip deletion');
    return scaleSet;
  }
  const client = yield* clientToUpdate(scaleSet, pass);
  try {
    yield* client.deleteRunnerScaleSet(runnerScaleSetId, scaleSet.metadata.name);
  } catch (error) {
    yield* logError('Failed to delete runner scale set', error, { runnerScaleSetId });
    throw error;
  }
  const without = yield* orLogError(
    patchDifference(AutoscalingRunnerSets, scaleSet, withMetadata(scaleSet, { annotations })),
    'Failed to patch autoscaling runner set with annotation removed',
  );
  yield* log('Deleted the runner scale set from Actions service');
  return without;
}
