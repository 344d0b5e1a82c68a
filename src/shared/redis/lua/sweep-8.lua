--[[
  Forgets the bots whose heartbeat has lapsed, at most 100 in a call.
  KEYS: 1 pool:bots, 2 pool:waiting, 3 pool:events, 4-8 pool:beats by state
  ARGV: 1 a beat older than this many ms has lapsed
  Returns: the containers that are gone.
]]
-- @include include-now
-- @include include-event
local oldest = now_ms() - tonumber(ARGV[1])
local gone = {}
for index = 4, 8 do
  for _, container in ipairs(redis.call('ZRANGEBYSCORE', KEYS[index], '-inf', oldest, 'LIMIT', 0, 100 - #gone)) do
    redis.call('ZREM', KEYS[index], container)
    redis.call('ZREM', KEYS[2], container)
    redis.call('SREM', KEYS[1], container)
    event(KEYS[3], { 'type', 'gone', 'container', container, 'reason', 'heartbeat' })
    gone[#gone + 1] = container
  end
end
return gone
