/** How the skills of a server are listed: loaded with the first of such lists, since few servers have any. */

import { err, ok } from '../base/result';
import { ClientMethods } from '../protocol/methods';
import { readSkill, summarizeSkill } from '../protocol/skills';
import type { KeptSkills } from './keptSkills';
import type { ListSource } from './listDraft';

/** @param kept what need not travel goes there */
export function skillSource(kept: KeptSkills): ListSource<'skills'> {
  return {
    method: ClientMethods.skillsList,
    property: 'skills',
    identity: ({ uri }) => uri,
    read: (raw) => {
      const skill = readSkill(raw);
      if (!skill.ok) return skill;
      if (!kept.has(skill.value.uri) && !kept.keep(skill.value))
        return err('comes after more skills than can be kept');
      return ok(summarizeSkill(skill.value));
    },
  };
}
