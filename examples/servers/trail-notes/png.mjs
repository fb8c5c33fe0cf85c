// @ts-check
/** Draws the height profile of a walk as a PNG image (RFC 2083). Needs no image library. */
import { deflateSync } from 'node:zlib';

/** @import {Trail} from './notebook.mjs' */

const WIDTH = 240;
const HEIGHT = 120;
const SKY = [0xdc, 0xee, 0xfb];
const GROUND = [0x4f, 0x7a, 0x4a];
const LINE = [0x24, 0x3f, 0x2b];

/**
 * @param {Trail} trail
 * @returns {string} the PNG file, base64
 */
export function drawProfile(trail) {
  const low = Math.min(...trail.heights) - 20;
  const high = Math.max(...trail.heights) + 20;
  const rows = [];
  for (let y = 0; y < HEIGHT; y += 1) {
    const row = [0]; // each row starts with its filter type: none
    for (let x = 0; x < WIDTH; x += 1) {
      const surface = HEIGHT - ((heightAt(trail, x / (WIDTH - 1)) - low) / (high - low)) * HEIGHT;
      row.push(...(Math.abs(y - surface) < 1.5 ? LINE : y > surface ? GROUND : SKY));
    }
    rows.push(Buffer.from(row));
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(WIDTH, 0);
  header.writeUInt32BE(HEIGHT, 4);
  header.set([8, 2], 8); // 8 bits for each of red, green and blue
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(rows))),
    chunk('IEND', Buffer.alloc(0)),
  ]).toString('base64');
}

/**
 * @param {Trail} trail
 * @param {number} along 0 at the start of the walk, 1 at its end
 * @returns {number} metres, interpolated
 */
function heightAt(trail, along) {
  const place = along * (trail.heights.length - 1);
  const before = trail.heights[Math.floor(place)] ?? 0;
  const after = trail.heights[Math.ceil(place)] ?? before;
  return before + (after - before) * (place % 1);
}

/**
 * @param {string} type four letters
 * @param {Buffer} data
 */
function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  framed.set(body, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

/** @param {Buffer} bytes */
function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
