/** Rows of skills and of their files. Everything a server says of them is text. */

import { ItemKinds } from '../contributions/ids';
import type { SkillSummary } from '../protocol/model';
import { SKILL_FILE } from '../protocol/skills';
import { LABEL_LENGTH, safe, safeProse, safeText } from '../policy/safeText';
import type { Owner } from './itemRows';
import { formatBytes } from './media';
import type { Row } from './row';

/** The row of a skill. */
export function skillRow(owner: Owner, skill: SkillSummary): Row {
  const label = safeText(skill.name, LABEL_LENGTH);
  const { files } = skill;
  return {
    id: JSON.stringify([ItemKinds.skill, owner.id, skill.uri]),
    label,
    description: safeProse(skill.description, 120),
    tooltip: () => [
      label,
      safeProse(skill.description, 2_000),
      safeText(skill.uri, 500),
      files === 'dynamic'
        ? safe`Its server does not say which files it has, so they cannot be verified.`
        : safe`${files.length} files. Each is verified when it is opened.`,
    ],
    icon: { id: 'book' },
    context: ItemKinds.skill,
    children: otherFiles(skill).length === 0 ? 'none' : 'collapsed',
    spoken: safe`${safeText(owner.name, 80)}, skill ${label}`,
  };
}

/** The files of a skill that its own row does not stand for. */
export function otherFiles({
  files,
}: SkillSummary): readonly { readonly path: string; readonly size: number }[] {
  return files === 'dynamic' ? [] : files.filter(({ path }) => path !== SKILL_FILE);
}

/** Address of a file of a skill, as it is shown. @param path within the skill's folder; its SKILL.md when absent. */
export function skillUriOf(skillUri: string, path: string = SKILL_FILE): string {
  return skillUri.slice(0, -SKILL_FILE.length) + path;
}

/** The row of a file of a skill. */
export function skillFileRow(
  owner: Owner,
  skill: SkillSummary,
  { path, size }: { readonly path: string; readonly size: number },
): Row {
  const label = safeText(path, LABEL_LENGTH);
  const length = safeText(formatBytes(size));
  return {
    id: JSON.stringify([ItemKinds.skillFile, owner.id, skill.uri, path]),
    label,
    description: length,
    tooltip: () => [safeText(path, 500), length],
    icon: { id: 'file' },
    context: ItemKinds.skillFile,
    children: 'none',
    spoken: safe`${safeText(owner.name, 80)}, file ${label} of skill ${safeText(skill.name, LABEL_LENGTH)}`,
  };
}
