-- Which cells of a Pandoc table name their rows. Markdown has no sign for it, so a rule has: the cells of
-- the first column do where each has words and no two of a part of the table have the same.
local M = {}

local function names(rows, columns)
  local seen = {}
  for _, row in ipairs(rows) do
    if #row.cells ~= columns then return false end
    local words = pandoc.utils.stringify(row.cells[1].contents):match '^%s*(.-)%s*$'
    if words == '' or seen[words] then return false end
    seen[words] = true
  end
  return #rows > 0
end

-- The table with its first column as the heads of its rows, where it names them.
function M.marked(t)
  local columns = #t.colspecs
  if columns < 2 then return t end
  for _, body in ipairs(t.bodies) do
    if not names(body.body, columns) then return t end
  end
  for _, body in ipairs(t.bodies) do
    body.row_head_columns = 1
    for _, row in ipairs(body.body) do row.cells[1].attr.attributes.scope = 'row' end
  end
  return t
end

return M
