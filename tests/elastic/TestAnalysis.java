/* SPDX-License-Identifier: Apache-2.0 */
/*
 * TestAnalysis - what the index .security of Elasticsearch asks for and the plain
 * archive has not: filters and a tokenizer. With them API keys, users and roles
 * can be made on it (distribution.js compiles this).
 */
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.email.UAX29URLEmailTokenizer;
import org.apache.lucene.analysis.pattern.PatternCaptureGroupTokenFilter;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.index.analysis.TokenFilterFactory;
import org.elasticsearch.index.analysis.TokenizerFactory;
import org.elasticsearch.indices.analysis.AnalysisModule.AnalysisProvider;
import org.elasticsearch.plugins.AnalysisPlugin;
import org.elasticsearch.plugins.Plugin;

public class TestAnalysis extends Plugin implements AnalysisPlugin {
	private static TokenFilterFactory filter(String name, UnaryOperator<TokenStream> by) {
		return new TokenFilterFactory() {
			@Override
			public String name() {
				return name;
			}

			@Override
			public TokenStream create(TokenStream in) {
				return by.apply(in);
			}
		};
	}

	private static TokenFilterFactory capture(String name, Settings settings) {
		boolean whole = settings.getAsBoolean("preserve_original", true);
		Pattern[] patterns = settings.getAsList("patterns", List.of()).stream()
		    .map(Pattern::compile).toArray(Pattern[]::new);
		return filter(name, in -> new PatternCaptureGroupTokenFilter(in, whole, patterns));
	}

	/* unique: nobody here minds a token twice. */
	@Override
	public Map<String, AnalysisProvider<TokenFilterFactory>> getTokenFilters() {
		return Map.of("pattern_capture", (index, env, name, settings) ->
		    capture(name, settings), "unique", (index, env, name, settings) ->
		    filter(name, UnaryOperator.identity()));
	}

	@Override
	public Map<String, AnalysisProvider<TokenizerFactory>> getTokenizers() {
		return Map.of("uax_url_email", (index, env, name, settings) ->
		    TokenizerFactory.newFactory(name, UAX29URLEmailTokenizer::new));
	}
}
