# What tests share that look at a terminal, which is one of tmux. It is loaded after setup.

# show COLUMNS LINES SCRIPT: runs the shell script in a terminal of this size, in this folder. What the
# terminal shows is what screen prints.
show()
{
	tmux -S "$BATS_TEST_TMPDIR/tmux" -f /dev/null new-session -d -x "$1" -y "$2" "TERM=screen bash $3" 7>&-
}

# screen [OPTION...]: prints what the terminal shows, as capture-pane of tmux does.
screen()
{
	tmux -S "$BATS_TEST_TMPDIR/tmux" capture-pane -p "$@"
}

# screen_has PATTERN...: a line of the terminal matches each.
screen_has()
{
	local pattern

	screen >shown
	for pattern; do
		grep -Eq -- "$pattern" shown || return
	done
}
