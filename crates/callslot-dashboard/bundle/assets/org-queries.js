import { __toESM } from "./rolldown-runtime.js";
import { require_react, useInfiniteQuery, useQuery } from "./packages.js";
import { api, bodyOf } from "./shared.js";
// src/pages/organisations/org-queries.ts
var import_react = __toESM(require_react(), 1);
var ORGS = "orgs";
var PLANS = "plans";
function useOrgs(isSearching) {
	const orgs = useInfiniteQuery({
		queryKey: [ORGS, "pages"],
		queryFn: ({ pageParam, signal }) => {
			const query = { limit: 1e3 };
			if (pageParam !== null) query.cursor = pageParam;
			return bodyOf(api.GET("/v1/orgs", {
				params: { query },
				signal
			}));
		},
		initialPageParam: null,
		getNextPageParam: ({ next }) => next ?? null
	});
	const { hasNextPage, isFetching, isError, fetchNextPage } = orgs;
	const pages = orgs.data?.pages.length;
	(0, import_react.useEffect)(() => {
		if (isSearching && hasNextPage && !isFetching && !isError) fetchNextPage();
	}, [
		isSearching,
		pages,
		hasNextPage,
		isFetching,
		isError,
		fetchNextPage
	]);
	return orgs;
}
function usePlans() {
	return useQuery({
		queryKey: [PLANS],
		queryFn: ({ signal }) => bodyOf(api.GET("/v1/plans", {
			params: { query: { limit: 1e3 } },
			signal
		}))
	});
}
function createOrg(create) {
	return bodyOf(api.POST("/v1/orgs", { body: create }));
}
function changeOrg(id, patch) {
	return bodyOf(api.PATCH("/v1/orgs/{id}", {
		params: { path: { id } },
		body: patch
	}));
}
async function deleteOrg(id) {
	await bodyOf(api.DELETE("/v1/orgs/{id}", { params: { path: { id } } }));
}
export { ORGS, PLANS, changeOrg, createOrg, deleteOrg, useOrgs, usePlans };
