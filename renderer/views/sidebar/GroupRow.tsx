// The heading of a group of chats. Of a folder it can be renamed and removed.
import { ChevronRight, Folder, FolderMinus, Pencil } from 'lucide-react'
import { areReadOnly } from '../../commands/chatCommands.ts'
import { t } from '../../words/words.ts'
import { useApp } from '../app.ts'
import type { RowState } from './ChatRow.tsx'
import type { Row } from './groupChats.ts'
import { RenameField } from './RenameField.tsx'
import { MenuItem, ReadOnlyNote, RowMenu } from './RowMenu.tsx'

export interface GroupRowProps extends RowState {
  readonly row: Extract<Row, { kind: 'group' | 'folder' }>
}

export function GroupRow(props: GroupRowProps) {
  const { row, isActive, isRenamed, isMenuOpen, onMenu, onMenuClosed, onFocus, onRenamed } = props
  const app = useApp()
  const { navigation, chats } = app
  const isReadOnly = areReadOnly(app)
  const name = row.kind === 'folder' ? row.folder.name : t(`sidebar.${row.id}`)
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree around it has the keys
    <div
      role="treeitem"
      aria-level={1}
      aria-expanded={row.isOpen}
      aria-label={`${name}, ${t('sidebar.chats', { count: row.count })}`}
      data-active={isActive ? row.id : undefined}
      tabIndex={isActive && !isRenamed ? 0 : -1}
      className="sidebar-row sidebar-group"
      onFocus={onFocus}
      onClick={() => navigation.toggleGroup(row.id)}
      onContextMenu={(event) => {
        event.preventDefault()
        if (row.kind === 'folder') onMenu(true)
      }}
    >
      <ChevronRight className="sidebar-chevron" aria-hidden="true" />
      {row.kind === 'folder' ? <Folder aria-hidden="true" /> : null}
      {isRenamed && row.kind === 'folder' ? (
        <RenameField
          label={t('sidebar.folderName')}
          value={name}
          maxLength={200}
          onEnd={(written) => {
            if (written !== null) void chats.putFolder({ id: row.id, name: written })
            onRenamed()
          }}
        />
      ) : (
        <>
          <span className="sidebar-title">
            <bdi>{name}</bdi>
          </span>
          <span className="sidebar-count" aria-hidden="true">
            {row.count}
          </span>
        </>
      )}
      {row.kind === 'folder' && !isRenamed ? (
        <RowMenu
          label={t('sidebar.menu', { title: name })}
          isOpen={isMenuOpen}
          isTabStop={isActive}
          onOpenChange={onMenu}
          onClosed={onMenuClosed}
        >
          {isReadOnly ? <ReadOnlyNote /> : null}
          <MenuItem
            label={t('sidebar.rename')}
            icon={<Pencil aria-hidden="true" />}
            keys="F2"
            isDisabled={isReadOnly}
            onSelect={() => navigation.rename(row.id)}
          />
          <MenuItem
            label={t('sidebar.removeFolder')}
            icon={<FolderMinus aria-hidden="true" />}
            isDisabled={isReadOnly}
            onSelect={() => void chats.removeFolder(row.id)}
          />
        </RowMenu>
      ) : null}
    </div>
  )
}
