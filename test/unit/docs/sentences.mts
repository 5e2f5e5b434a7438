import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import ts from 'typescript';

/** A sentence that the code may show to a user. */
export interface Sentence {
	/** The failure code, or what else it is. */
	code: string;
	/** With `…` for what is filled in. */
	text: string;
}

/** What is filled in, as the page writes it. */
const FILLED_IN = '…';

/** All sentences of failures and hints in the nodes, and those of the credentials' tests, read from the source. */
export function sentencesOfTheCode(): Sentence[] {
	return ['nodes', 'credentials'].flatMap((folder) =>
		readdirSync(folder, { recursive: true, encoding: 'utf8' })
			.filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))
			.flatMap((path) => sentencesOf(join(folder, path))),
	);
}

function sentencesOf(path: string): Sentence[] {
	const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.ES2022, true);
	const found: Sentence[] = [];
	const add = (code: string, message: ts.Node | undefined) => {
		const text = message && textOf(message);
		if (text) found.push({ code, text });
	};
	const visit = (node: ts.Node): void => {
		if (ts.isNewExpression(node) && node.expression.getText() === 'Failure') {
			const [code, message] = node.arguments ?? [];
			if (code && ts.isStringLiteral(code)) add(code.text, message);
		}
		if (ts.isVariableDeclaration(node) && node.name.getText() === 'SENTENCES') {
			for (const { code, what } of rowsOf(node.initializer)) add(code, what);
		}
		if (ts.isCallExpression(node) && node.expression.getText().endsWith('addExecutionHints')) {
			const message = propertyOf(node.arguments[0], 'message');
			add('hint', message);
		}
		if (ts.isCallExpression(node) && node.expression.getText() === 'hintOnce') add('hint', node.arguments[1]);
		if (path.startsWith('credentials') && isSentence(node)) add('credential', node);
		ts.forEachChild(node, visit);
	};
	visit(source);
	return found;
}

/** The rows of the table `code: [what happened, how to mend it]`. */
function rowsOf(table: ts.Expression | undefined): Array<{ code: string; what: ts.Node | undefined }> {
	if (!table || !ts.isObjectLiteralExpression(table)) return [];
	return table.properties.flatMap((row) =>
		ts.isPropertyAssignment(row) && ts.isArrayLiteralExpression(row.initializer)
			? [{ code: row.name.getText(), what: row.initializer.elements[0] }]
			: [],
	);
}

function propertyOf(object: ts.Node | undefined, name: string): ts.Node | undefined {
	if (!object || !ts.isObjectLiteralExpression(object)) return undefined;
	const property = object.properties.find((candidate) => candidate.name?.getText() === name);
	return property && ts.isPropertyAssignment(property) ? property.initializer : undefined;
}

/** Of the texts in a credential, those that its test may answer with: whole sentences, and no field's description. */
function isSentence(node: ts.Node): boolean {
	if (!ts.isStringLiteral(node) && !ts.isTemplateExpression(node)) return false;
	const isDescription =
		(ts.isPropertyAssignment(node.parent) && node.parent.name.getText() === 'description') ||
		(ts.isCallExpression(node.parent) && node.parent.expression.getText() === 'keyAndBaseUrl');
	return !isDescription && /\.$/.test(textOf(node) ?? '') && / /.test(textOf(node) ?? '');
}

/** The text of a literal; undefined for what is put together elsewhere. */
function textOf(node: ts.Node): string | undefined {
	if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node))
		return node.text.replaceAll('{name}', FILLED_IN);
	if (!ts.isTemplateExpression(node)) return undefined;
	return node.head.text + node.templateSpans.map(({ literal }) => FILLED_IN + literal.text).join('');
}
