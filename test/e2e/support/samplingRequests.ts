/** What servers ask models in tests of the panel for sampling. */

/** A picture of one red pixel. */
const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==';
/** A request with all that one can have but tools. */
export const ASKS = {
  systemPrompt: 'You help hikers. Answer in one sentence.',
  messages: [
    { role: 'user', content: { type: 'text', text: 'Which trail is dry today?\nI have two hours.' } },
    { role: 'assistant', content: { type: 'text', text: 'The ridge trail, usually.' } },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'And this one?\u200b<img src=x onerror=alert(1)>' },
        { type: 'image', mimeType: 'image/png', data: PIXEL },
      ],
    },
  ],
  maxTokens: 500,
  temperature: 0.4,
  stopSequences: ['END'],
  includeContext: 'thisServer',
  modelPreferences: { hints: [{ name: 'sonnet' }], intelligencePriority: 0.8 },
};
/** No line of a narrow panel holds its name. */
export const TOOL = {
  name: 'look_up_the_state_of_each_and_every_trail_of_the_whole_region',
  description: 'What is known of a trail.',
  inputSchema: { type: 'object', properties: { trail: { type: 'string' } } },
};
