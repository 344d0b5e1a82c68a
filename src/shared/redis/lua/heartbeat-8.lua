--[[
  A process says that it lives and how it is; it comes back into whatever set it was swept out of.
  KEYS: 1 bot_status, 2 pool:bots, 3 pool:waiting, 4-8 pool:beats by state
  ARGV: 1 container, 2 boot id, 3 health (JSON object), 4 status TTL in ms
  Returns: the state that holds, 'unknown' (nothing is known: register again) or 'superseded' (another process has this name).
  Invariant: a bot that is shown as waiting can be claimed, and no other.
]]
-- @include include-now
-- @include include-move-state
local known = redis.call('GET', KEYS[1])
if not known then return 'unknown' end
local status = cjson.decode(known)
if status.boot_id ~= ARGV[2] then return 'superseded' end
local now = now_ms()
status.health = cjson.decode(ARGV[3])
redis.call('SET', KEYS[1], cjson.encode(status), 'PX', ARGV[4])
redis.call('SADD', KEYS[2], ARGV[1])
move_state(4, ARGV[1], status.status, now)
if status.status == 'waiting' then
  redis.call('ZADD', KEYS[3], status.since or now, ARGV[1])
else
  redis.call('ZREM', KEYS[3], ARGV[1])
end
return status.status
