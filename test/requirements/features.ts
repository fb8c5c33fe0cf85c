/** What servers offer: tools, resources, prompts. */

import type { Requirements } from './requirement';

export const FEATURES: Requirements = {
  TOOL1: {
    summary: 'The person decides each call and sees that it runs',
    tests: [
      'contract/host/keeping.test.ts#no tool is called, no resource read and no prompt fetched unless the person does it',
      'e2e/uses.test.ts#a tool is called from the command palette with the keyboard alone',
      'e2e/calls.test.ts#a long call shows its progress, and Cancel ends it',
      'contract/host/calls.test.ts#the rules of an entry hide tools and refuse their calls, deny before allow',
    ],
  },
  TOOL2: {
    summary: "No tool is called without the person's consent",
    tests: [
      'contract/host/keeping.test.ts#no tool is called, no resource read and no prompt fetched unless the person does it',
    ],
  },
  TOOL3: {
    summary: 'Hints of a tool are claims, and decide nothing',
    tests: [
      'unit/presentation/itemRows.test.ts#hints of a tool are told as claims of its server, and what it does not say is not told',
      'contract/client/claims.test.ts#the hints of a tool change nothing of how it is called',
    ],
  },
  TOOL4: {
    summary: 'Arguments are seen before the call, results checked, time bounded, calls recorded',
    tests: [
      'e2e/calls.test.ts#arguments are asked one by one: checked while typed, Back keeps them, JSON at any point',
      'contract/client/deadlines.test.ts#silence ends a call and cancels it at the server in the ${era} era',
      'unit/host/calls.test.ts#the history keeps the last 200 that ended, and every one that runs',
      'unit/presentation/resultDocument.test.ts#a result says who answered what to which arguments',
    ],
  },
  TOOL5: {
    summary: "A tool's own error is a result, and shown first",
    tests: [
      'unit/presentation/resultDocument.test.ts#an error of the tool is named before anything else',
      'unit/protocol/readContent.test.ts#anything truthy is a failure of the tool',
      'contract/host/calls.test.ts#a call leaves with exactly the arguments given, and comes back with the result',
    ],
  },
  TOOL6: {
    summary: 'Structured content is checked against its schema',
    tests: [
      'unit/ui/outputCheck.test.ts#what fits its schema is fine, and so is what no schema was promised for',
      'unit/ui/outputCheck.test.ts#what does not fit is told with its place',
      'unit/ui/toolRunner.test.ts#a result that is not what its tool declares is shown all the same, with a note',
      'unit/ui/toolRunner.test.ts#what a task brought is checked as well',
      'unit/validation/schemaValidator.test.ts#JSON text is parsed by the worker, and text that is none is not checked',
      'process/foreign/reference.test.ts#server-filesystem: what it refuses is an error of the tool, and its result has the structure it promised',
    ],
  },
  TOOL7: {
    summary: 'Structured content may be any JSON value, null included',
    tests: [
      'unit/protocol/readContent.test.ts#structured content counts when it is there, whatever it is',
      'unit/ui/outputCheck.test.ts#any JSON value is checked as what it is: null, nothing and zero are not the same',
    ],
  },
  TOOL8: {
    summary: 'An input schema is an object with any keywords',
    tests: [
      'contract/client/lists.test.ts#malformed tools are told with place, name and reason, and the others are kept',
      'contract/client/definitions.test.ts#schemas stay with the client until they are asked for, and come back as they were',
      'unit/presentation/argumentPlan.test.ts#no schema makes the planner throw',
    ],
  },
  TOOL9: {
    summary: 'Title, then the title of the hints, then the name',
    tests: [
      'unit/presentation/itemRows.test.ts#a title stands first and the name beside it; without a title the name stands alone',
      'contract/client/claims.test.ts#the title of a tool is its own, else the one among its hints, else there is none',
    ],
  },
  TOOL10: {
    summary: 'Any name is borne, and unique within its server only',
    tests: [
      'contract/client/definitions.test.ts#names of the prototype are names like any other',
      'contract/host/calls.test.ts#a call leaves with exactly the arguments given, and comes back with the result',
      'contract/host/keeping.test.ts#tools of the same name stay apart: each call goes to the server it was meant for, whatever that calls itself',
      'contract/client/lists.test.ts#malformed tools are told with place, name and reason, and the others are kept',
    ],
  },
  TOOL11: {
    summary: 'Tools of the same name stay apart by the key of their server, never by its own name',
    tests: [
      'contract/host/keeping.test.ts#tools of the same name stay apart: each call goes to the server it was meant for, whatever that calls itself',
      'unit/policy/serverId.test.ts#different identities have different ids',
      'contract/client/claims.test.ts#what a server calls itself changes nothing of how it is spoken to',
    ],
  },
  TOOL12: {
    summary: 'Every kind of content is read; unknown ones stay opaque',
    tests: [
      'unit/protocol/readContent.test.ts#what a block holds beside what is read of it is kept as JSON',
      'unit/presentation/contentBlocks.test.ts#what a part holds beside what is shown of it stands below it as JSON',
      'unit/protocol/readContent.test.ts#every kind of block is read',
      'unit/protocol/readContent.test.ts#what is malformed or not known is kept as JSON with a reason',
      'process/foreign/everything.test.ts#server-everything over ${name}: every kind of result',
    ],
  },
  TOOL13: {
    summary: 'Unknown tools and malformed calls fail with an error of the protocol',
    tests: [
      'contract/client/requests.test.ts#an error of the server is told with bounded message and data',
      'contract/client/conduct.test.ts#a resource that is not there fails the read with ${code}, which nothing else depends on',
    ],
  },
  TOOL14: {
    summary: 'The list may change at any time',
    tests: [
      'contract/host/calls.test.ts#a list that changes is read again, without its neighbours, and at most twice a second',
      'process/foreign/sdk2.test.ts#SDK 2.x over ${name}: changes of lists and of a watched resource are told',
    ],
  },
  TOOL15: {
    summary: 'Changes are told by notification or by subscription, declared or not',
    tests: [
      'contract/client/notifications.test.ts#list changes are told ten times a second at most, and each list for itself',
      'contract/client/subscriptions.test.ts#list changes count only under the id of our subscription, with its type',
      'process/foreign/sdk2.test.ts#SDK 2.x over ${name}: changes of lists and of a watched resource are told',
    ],
  },
  TOOL17: {
    summary: 'Lists are read again when they change, grouped by server, and kept',
    tests: [
      'unit/host/catalog.test.ts#a hundred reports of a change while a list is read mean one more read, half a second later',
      'unit/host/catalog.test.ts#a read that fails keeps the last good list, marked, until one succeeds',
      'contract/host/calls.test.ts#a list that changes is read again, without its neighbours, and at most twice a second',
    ],
  },
  RSRC1: {
    summary: 'Resources and templates are listed in pages and read by address',
    tests: [
      'contract/client/resources.test.ts#resources of any scheme are listed, and read through their server only',
      'process/foreign/everything.test.ts#server-everything over ${name}: what it says of itself, and all four lists',
      'unit/presentation/uriTemplate.test.ts#the examples of RFC 6570 expand as they should',
    ],
  },
  RSRC2: {
    summary: 'A read may bring several parts, as text or bytes',
    tests: [
      'contract/client/resources.test.ts#a read may bring parts under other addresses, a folder among them, as text and as bytes',
      'unit/protocol/readAnswers.test.ts#a read may bring several contents under other addresses',
      'unit/protocol/readAnswers.test.ts#contents that cannot be read are kept as JSON beside those that can',
      'unit/ui/openResources.test.ts#contents under one address are documents of their own, and a malformed one is told and shown as JSON',
    ],
  },
  RSRC3: {
    summary: 'Any scheme is read through its server',
    tests: [
      'contract/client/resources.test.ts#resources of any scheme are listed, and read through their server only',
      'contract/client/resources.test.ts#a read may bring parts under other addresses, a folder among them, as text and as bytes',
    ],
  },
  RSRC4: {
    summary: 'Both codes for "not there" are borne',
    tests: [
      'contract/client/conduct.test.ts#a resource that is not there fails the read with ${code}, which nothing else depends on',
    ],
  },
  RSRC5: {
    summary: 'Hints and sizes are kept as far as they make sense',
    tests: [
      'contract/client/resources.test.ts#hints about a resource are kept as far as they make sense, and decide nothing',
    ],
  },
  RSRC6: {
    summary: 'Watched only where declared, by the means of the era; updates may be of what lies below',
    tests: [
      'contract/client/resources.test.ts#what a server does not let be watched is not watched, and can be read all the same',
      'contract/client/notifications.test.ts#updates are told for watched resources and what lies below them, and for nothing else',
      'process/foreign/sdk2.test.ts#SDK 2.x over ${name}: changes of lists and of a watched resource are told',
    ],
  },
  RSRC7: {
    summary: 'After a change lists and open resources are read again',
    tests: [
      'contract/host/resourceWatch.test.ts#a change is told with its server and URI, only for what is watched',
      'vscode/suites/servers/documents.test.ts#a document is subscribed while a tab shows it, follows its server, and is unsubscribed when it closes',
      'contract/host/calls.test.ts#a list that changes is read again, without its neighbours, and at most twice a second',
      'contract/client/notifications.test.ts#updates are told for watched resources and what lies below them, and for nothing else',
      'contract/client/caching.test.ts#an update of a resource beats its time, also of what lies above and below it',
    ],
  },
  RSRC8: {
    summary: 'Values in templates are encoded and cannot leave their place',
    tests: [
      'unit/presentation/uriTemplate.test.ts#values cannot leave their place',
      'unit/presentation/uriTemplate.test.ts#the examples of RFC 6570 expand as they should',
    ],
  },
  RSRC9: {
    summary: 'What a server gives goes nowhere else by itself',
    tests: [
      'contract/host/keeping.test.ts#no tool is called, no resource read and no prompt fetched unless the person does it',
      'contract/host/keeping.test.ts#state that a server gives a call is told to nobody else: not to another server, not in a log, not kept',
      'unit/platform/modelMessages.test.ts#the messages leave in order, with nothing added, and the system prompt first and marked',
    ],
  },
  PRMT1: {
    summary: 'Prompts are chosen by the person; arguments are texts',
    tests: [
      'contract/host/keeping.test.ts#no tool is called, no resource read and no prompt fetched unless the person does it',
      'contract/host/calls.test.ts#a resource and a prompt are read, and count as calls of the person',
      'unit/presentation/itemRows.test.ts#required arguments of a prompt are marked',
    ],
  },
  PRMT2: {
    summary: 'Pages and capabilities count for prompts too',
    tests: [
      'contract/client/requests.test.ts#what the server does not declare is not called',
      'contract/client/lists.test.ts#the other lists keep their good entries too',
      'unit/host/catalog.test.ts#only what the server declares is read; templates come with resources',
    ],
  },
  PRMT3: {
    summary: 'Arguments leave as typed, and what comes back cannot act',
    tests: [
      'unit/presentation/argumentValue.test.ts#a text is taken exactly as typed',
      'unit/presentation/resultDocument.test.ts#a prompt is its messages, each under its role',
      'unit/presentation/resultDocument.test.ts#what we write ourselves cannot be broken by server text',
    ],
  },
  PRMT4: {
    summary: 'Messages are of two roles with one block; refusals are told',
    tests: [
      'unit/protocol/readAnswers.test.ts#a prompt has messages of two roles only',
      'process/foreign/sdk2.test.ts#SDK 2.x over ${name}: results, errors, completion',
    ],
  },
};
