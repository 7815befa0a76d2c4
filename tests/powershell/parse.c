/* parse FILE: the syntax tree of a PowerShell script, a node a line: depth, kind, first and last
 * byte. Exits with 1 when the script does not parse. The grammar is tree-sitter-powershell's. */
#include <stdio.h>
#include <stdlib.h>
#include <tree_sitter/api.h>

const TSLanguage *tree_sitter_powershell(void);

static char *read_all(const char *path, long *size)
{
	FILE *f = fopen(path, "rb");
	char *bytes;

	if (!f || fseek(f, 0, SEEK_END) || (*size = ftell(f)) < 0)
		exit(2);
	rewind(f);
	bytes = malloc((size_t)*size + 1);
	if (!bytes || fread(bytes, 1, (size_t)*size, f) != (size_t)*size)
		exit(2);
	fclose(f);
	return bytes;
}

static void print(TSNode node, unsigned depth)
{
	printf("%u %s%s %u %u\n", depth, ts_node_type(node),
		ts_node_is_missing(node) ? " missing" : "", ts_node_start_byte(node),
		ts_node_end_byte(node));
}

static void walk(TSNode root)
{
	TSTreeCursor cursor = ts_tree_cursor_new(root);
	unsigned depth = 0;
	bool down = true;

	for (;;) {
		if (down)
			print(ts_tree_cursor_current_node(&cursor), depth);
		if (down && ts_tree_cursor_goto_first_child(&cursor)) {
			depth++;
		} else if (ts_tree_cursor_goto_next_sibling(&cursor)) {
			down = true;
		} else if (ts_tree_cursor_goto_parent(&cursor)) {
			depth--;
			down = false;
		} else {
			break;
		}
	}
	ts_tree_cursor_delete(&cursor);
}

int main(int argc, char **argv)
{
	TSParser *parser = ts_parser_new();
	long size;
	char *bytes;
	TSTree *tree;
	bool broken;

	if (argc != 2 || !ts_parser_set_language(parser, tree_sitter_powershell()))
		return 2;
	bytes = read_all(argv[1], &size);
	tree = ts_parser_parse_string(parser, NULL, bytes, (uint32_t)size);
	walk(ts_tree_root_node(tree));
	broken = ts_node_has_error(ts_tree_root_node(tree));
	ts_tree_delete(tree);
	ts_parser_delete(parser);
	free(bytes);
	return broken;
}
