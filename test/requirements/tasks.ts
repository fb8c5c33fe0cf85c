/** Tasks in both forms. */

import type { Requirements } from './requirement';

export const TASKS: Requirements = {
  CANC7: {
    summary: 'A task is cancelled as a task, never as a request',
    tests: [
      'contract/client/coreTaskEnds.test.ts#cancelling ends the task, never the request (CANC7)',
      'contract/client/taskExtension.test.ts#cancelling asks the server to end the task, and takes no request back',
      'contract/client/coreTaskEnds.test.ts#a call that is cancelled before its task has an id ends the task as soon as it has one',
      'contract/client/coreTaskEnds.test.ts#a call that never becomes a task times out, and is not taken back either (CANC7)',
    ],
  },
  PROG4: {
    summary: 'The token of a task holds until it ends',
    tests: [
      'contract/client/coreTasks.test.ts#the progress token stays valid until the task is over (PROG4)',
      'contract/host/taskProgress.test.ts#progress of a task is told of when it comes, and stands in its call',
    ],
  },
  TOOL16: {
    summary: 'Whether a tool may or must run as a task is obeyed',
    tests: [
      'contract/client/coreTasks.test.ts#a tool ${name} is called plainly (TASKL2)',
      'contract/client/coreTasks.test.ts#a tool that needs a task is called as one, looked at as often as its server wants, and gives one result',
    ],
  },
  TASKL1: {
    summary: 'A call becomes a task only where that was declared',
    tests: [
      'contract/client/coreTasks.test.ts#a tool ${name} is called plainly (TASKL2)',
      'contract/client/coreTasks.test.ts#a tool that needs a task is called as one, looked at as often as its server wants, and gives one result',
    ],
  },
  TASKL2: {
    summary: 'A tool says whether it may or must be a task',
    tests: [
      'contract/client/coreTasks.test.ts#a tool ${name} is called plainly (TASKL2)',
      'contract/client/coreTasks.test.ts#a tool that needs a task is called as one, looked at as often as its server wants, and gives one result',
    ],
  },
  TASKL3: {
    summary: 'A task is answered with its number, its result fetched later',
    tests: [
      'contract/client/coreTasks.test.ts#a tool that needs a task is called as one, looked at as often as its server wants, and gives one result',
      'unit/protocol/tasks.test.ts#both wire forms are read into the same task, and neither takes the fields of the other',
      'process/host/realTasks.test.ts#a tool of server-everything that needs a task runs as one, with its stages, and gives one result',
    ],
  },
  TASKL4: {
    summary: 'A task is asked after at the pace it names',
    tests: [
      'contract/client/coreTasks.test.ts#a tool that needs a task is called as one, looked at as often as its server wants, and gives one result',
      'contract/client/hostileTasks.test.ts#an interval of ${JSON.stringify(wanted)} is taken as ${wait} ms',
      'contract/client/coreTasks.test.ts#the error that a task has in the place of a result while it waits for input is that of the call, and ends the task (TASKL4)',
    ],
  },
  TASKL5: {
    summary: 'Notifications of a task are not relied on',
    tests: [
      'contract/client/coreTaskLooks.test.ts#a status notification is a reason to look sooner, though never too soon, and nothing else (TASKL5)',
    ],
  },
  TASKL6: {
    summary: 'Messages of a task name it',
    tests: [
      'contract/client/coreTasks.test.ts#what the server asks for on the way belongs to the call, and the answer names the task',
      'unit/protocol/tasks.test.ts#a message names its task beside what else its _meta holds',
    ],
  },
  TASKL7: {
    summary: 'Tasks are cancelled only where that was declared',
    tests: [
      'contract/client/coreTaskEnds.test.ts#a server that cannot cancel tasks is not asked to (TASKL7)',
    ],
  },
  TASKL8: {
    summary: 'This host makes no tasks, does not declare that it does, and ignores the wish',
    tests: [
      'contract/client/conduct.test.ts#a server that wishes for a task of ours gets its answer at once, because none was declared',
    ],
  },
  TASKL9: {
    summary: 'The life of a task is shown and recorded',
    tests: [
      'contract/host/tasks.test.ts#a call that becomes a task is shown as one while it runs, and with its result until it is dismissed',
      'contract/host/tasks.test.ts#the ends of fifty tasks are shown',
    ],
  },
  TASKX1: {
    summary: 'The extension is declared, then any call may become a task',
    tests: [
      'contract/client/taskExtension.test.ts#a call that becomes a task ends with the result that a look brings',
      'contract/client/negotiation.test.ts#the probe carries exactly the required envelope',
    ],
  },
  TASKX2: {
    summary: 'A task for anything but a call is invalid',
    tests: [
      'contract/client/hostileTasks.test.ts#a task as the answer to anything but a tool call is invalid (TASKX2)',
    ],
  },
  TASKX3: {
    summary: 'Tasks are asked after until they end',
    tests: [
      'contract/client/taskExtension.test.ts#a call that becomes a task ends with the result that a look brings',
      'contract/client/hostileTasks.test.ts#an interval of ${JSON.stringify(wanted)} is taken as ${wait} ms',
    ],
  },
  TASKX4: {
    summary: 'Each end of a task has its form',
    tests: [
      'contract/client/taskExtension.test.ts#a failed task carries its error',
      'contract/client/hostileTasks.test.ts#a completed task without a result is invalid, and so is one whose result is none',
      'contract/client/taskInputs.test.ts#inputs are answered once per key, however often they are shown, for the call (TASKX5)',
    ],
  },
  TASKX5: {
    summary: 'Input of a task is answered once per key',
    tests: [
      'contract/client/taskInputs.test.ts#inputs are answered once per key, however often they are shown, for the call (TASKX5)',
      'contract/client/taskInputs.test.ts#an input that is denied or not offered gives the call up and ends the task (MRTR8)',
      'contract/client/taskInputs.test.ts#answers that get lost on the way are sent again while they are asked for, and nobody is asked twice',
    ],
  },
  TASKX6: {
    summary: 'Cancelling a task is a wish',
    tests: [
      'contract/client/taskExtension.test.ts#cancelling asks the server to end the task, and takes no request back',
    ],
  },
  TASKX7: {
    summary: 'Tasks are found again after a restart, and expire',
    tests: [
      'contract/host/tasks.test.ts#a task of an earlier window is listed, and waited for without being called again (TASKX7)',
      'contract/client/taskExtension.test.ts#a task that the server does not know has expired',
      'contract/host/leftTasks.test.ts#what a server made a task of while its entry had changed already is left to nobody: it cannot be told whose it is',
      'contract/client/coreTasks.test.ts#a task of an earlier client is waited for by its id, looked at first',
      'contract/client/hostileTasks.test.ts#a task that never ends is given up: a ttl of ${JSON.stringify(ttlMs)} means ${bound / 1_000} s',
    ],
  },
  TASKX8: {
    summary: 'What a server tells of a task by itself is used',
    tests: [
      'contract/client/taskSubscription.test.ts#what a server tells of a task counts like a look, and the task is looked at only now and then (TASKX8)',
      'contract/client/taskSubscription.test.ts#a server that does not declare the extension, or does not agree, has its tasks looked at as ever',
    ],
  },
  TASKX9: {
    summary: 'The two forms of tasks never mix',
    tests: [
      'contract/client/taskExtension.test.ts#no legacy task is made of a call, whatever the server declares (TASKX9)',
      'unit/protocol/tasks.test.ts#both wire forms are read into the same task, and neither takes the fields of the other',
    ],
  },
};
