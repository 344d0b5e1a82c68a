--[[
  How many bots are in each state. Costs the same for ten and for ten thousand.
  KEYS: 1-5 pool:beats by state
  ARGV: 1 a beat older than this many ms does not count
  Returns: five counts in the order of the states.
]]
-- @include include-now
local oldest = now_ms() - tonumber(ARGV[1])
local counts = {}
for index = 1, 5 do counts[index] = redis.call('ZCOUNT', KEYS[index], '(' .. oldest, '+inf') end
return counts
