/** The essentials of a request for the person's input, for the rows below it. */

import type { ConsentSubject } from '../host/consentQueue';
import { fieldsLikeSecrets } from '../policy/secretQuestion';
import { LABEL_LENGTH, safe, safeText, type SafeText } from '../policy/safeText';
import type { ElicitationField, ElicitationForm, ElicitationUrl } from '../protocol/elicitation';
import { foreignDetail, TOOLTIP_LENGTH, type Detail } from './approvalDetail';
import { causeText, countOf, joinSafe } from './consentTexts';

type Elicitation = Extract<ConsentSubject, { kind: 'elicitation' }>;
type Wait = Extract<ConsentSubject, { kind: 'elicitation-wait' }>;

/** More fields than this are counted rather than named. */
const MAX_NAMED = 6;
const WARNING = { id: 'warning', color: 'problemsWarningIcon.foreground' } as const;

/** What is asked for, and why. */
export function elicitationDetails({ request, cause }: Elicitation): readonly Detail[] {
  return [
    foreignDetail(safe`Message`, request.message, { id: 'comment' }),
    ...(request.mode === 'form' ? formDetails(request) : urlDetails(request)),
    { label: safe`Cause`, value: causeText(cause), icon: { id: 'history' } },
  ];
}

/** Pages that were opened, of which the server has not said that they are done. */
export function waitDetails({ urls, cause }: Wait): readonly Detail[] {
  return [
    ...urls.map((url): Detail => ({
      label: safe`Opened`,
      value: safeText(new URL(url).host, LABEL_LENGTH),
      full: safeText(url, TOOLTIP_LENGTH),
      icon: { id: 'globe' },
    })),
    { label: safe`Cause`, value: causeText(cause), icon: { id: 'history' } },
  ];
}

function formDetails(form: ElicitationForm): readonly Detail[] {
  const secrets = fieldsLikeSecrets(form.fields);
  return [
    {
      label: countOf(form.fields.length, 'field'),
      value: namesOf(form.fields.map((field) => fieldName(field))),
      icon: { id: 'list-unordered' },
    },
    ...(secrets.length === 0
      ? []
      : [
          {
            label: safe`Secrets?`,
            value: safe`${namesOf(secrets.map((field) => fieldName(field)))}: give no passwords or keys here`,
            icon: WARNING,
          },
        ]),
  ];
}

function urlDetails({ url }: ElicitationUrl): readonly Detail[] {
  return [
    {
      label: safe`Leads to`,
      value: safeText(new URL(url).host, LABEL_LENGTH),
      full: safeText(url, TOOLTIP_LENGTH),
      icon: { id: 'globe' },
    },
  ];
}

function fieldName({ key, title }: ElicitationField): SafeText {
  return safeText(title ?? key, LABEL_LENGTH);
}

function namesOf(names: readonly SafeText[]): SafeText {
  const shown = joinSafe(names.slice(0, MAX_NAMED), safe`, `);
  return names.length > MAX_NAMED ? safe`${shown} and ${names.length - MAX_NAMED} more` : shown;
}
