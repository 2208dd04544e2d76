global using Inspection.Tests.Support;
global using Inspection.Tests.Support.Cluster;
global using Xunit;
