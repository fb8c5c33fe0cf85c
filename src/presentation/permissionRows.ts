/** What the person has allowed for more than once, as rows of the Permissions view: by server, each permission with what it allows. */

import { ItemKinds } from '../contributions/ids';
import { grantUse, type SamplingGrant } from '../policy/samplingGrants';
import { LABEL_LENGTH, safe, safeText, type SafeText } from '../policy/safeText';
import { countOf } from './consentTexts';
import {
  causeLabel,
  causesText,
  coversText,
  dayText,
  hourText,
  scopeText,
  usedText,
  usedThisHour,
} from './grantTexts';
import type { Row, RowIcon } from './row';

/** The row of a server that has permissions. */
export function permissionServerRow(serverId: string, serverName: string, count: number): Row {
  const label = safeText(serverName, LABEL_LENGTH);
  const description = countOf(count, 'permission');
  return {
    id: `permissions/${serverId}`,
    label,
    description,
    tooltip: () => [label, description],
    icon: { id: 'server' },
    context: ItemKinds.note,
    children: 'expanded',
    spoken: safe`${label}, ${description}`,
  };
}

/** What a rule is shown with. Times are milliseconds since the epoch. */
export interface GrantView {
  readonly now: number;
  /** It may hold in this window. */
  readonly isHere: boolean;
  readonly formatTime: (time: number) => string;
}

/** The row of a rule. */
export function grantRow(grant: SamplingGrant, view: GrantView): Row {
  const { hour } = grantUse(grant, view.now);
  const description = safe`${usedThisHour(hour, grant.bounds)} · ${scopeText(grant.scope, view.isHere)}`;
  return {
    id: `permission/${grant.id}`,
    label: causeLabel(grant),
    description,
    tooltip: () => [
      causesText(grant),
      ...detailsOf(grant, view).map(({ name, value }) => safe`${name}: ${value}`),
      safe`It ends when the way in which the server is started changes. Tokens are estimates.`,
    ],
    icon: { id: 'comment-discussion' },
    context: ItemKinds.permissionSampling,
    children: 'collapsed',
    spoken: safe`${causesText(grant)}, ${description}`,
    ...(view.isHere ? {} : { faded: true }),
  };
}

/** The rows below it. */
export function grantDetails(grant: SamplingGrant, view: GrantView): readonly Row[] {
  return detailsOf(grant, view).map(({ name, value, icon }, index) => ({
    id: `permission/${grant.id}/${index}`,
    label: name,
    description: value,
    tooltip: () => [name, value],
    icon,
    context: ItemKinds.note,
    children: 'none',
    spoken: safe`${name}: ${value}`,
  }));
}

interface GrantDetail {
  readonly name: SafeText;
  readonly value: SafeText;
  readonly icon: RowIcon;
}

function detailsOf(grant: SamplingGrant, { now, isHere, formatTime }: GrantView): readonly GrantDetail[] {
  const { bounds, scope, model, since, until } = grant;
  const used = grantUse(grant, now);
  const detail = (name: SafeText, value: SafeText, id: string): GrantDetail => ({
    name,
    value,
    icon: { id },
  });
  return [
    detail(safe`Holds`, scopeText(scope, isHere), 'globe'),
    detail(safe`Allows`, safe`${hourText(bounds)}, ${dayText(bounds)}`, 'symbol-ruler'),
    detail(safe`Last hour`, usedText(used.hour, bounds.hour), 'graph'),
    detail(safe`Last day`, usedText(used.day, bounds.day), 'graph'),
    detail(safe`Model`, model ? safeText(model.name, LABEL_LENGTH) : safe`any`, 'sparkle'),
    detail(safe`Covers`, coversText(grant), 'symbol-text'),
    detail(safe`Since`, safeText(formatTime(since)), 'history'),
    ...(until === undefined ? [] : [detail(safe`Until`, safeText(formatTime(until)), 'clock')]),
  ];
}

/** The row of an approved launch. */
export function launchPermissionRow(serverId: string): Row {
  const label = safe`Start, as approved`;
  return {
    id: `permission/launch/${serverId}`,
    label,
    tooltip: () => [
      label,
      safe`You have approved how this server is started.`,
      safe`Without it you are asked before the server starts again. A server that runs is ended then.`,
    ],
    icon: { id: 'shield' },
    context: ItemKinds.permissionLaunch,
    children: 'none',
    spoken: label,
  };
}
